import Joi from "joi";
import { type Check, check, differences } from "../../formats/check.ts";
import type { CheckedControl, HardeningReport } from "../hardening/report.ts";
import { buildStem } from "../record.ts";
import { type EvidenceFile, type EvidenceReader, readEvidence } from "./reader.ts";

const ENDING = "-hardening.json";

/** The hardening report: whether what it counts is what it lists, and whether all of that passed. */
export const hardeningReader: EvidenceReader = {
  reads: (name) => name.endsWith(ENDING),
  checks: hardeningChecks,
};

const text = Joi.string().min(1).required();
const words = Joi.array().items(Joi.string().min(1)).required();
const count = Joi.number().integer().min(0).required();
const exit = Joi.number().integer().min(0).max(255).required();

const control = Joi.object({
  id: text,
  control: Joi.string(),
  title: text,
  does: Joi.string(),
  command: Joi.array().items(Joi.string().allow("")).min(1).required(),
  expected: Joi.object({ exit, stdout: Joi.string() }).required(),
  found: Joi.object({
    exit: Joi.number().integer().required(),
    stdout: Joi.string().allow("").required(),
  }).required(),
  passed: Joi.boolean().required(),
  cis: words,
});

const schema = Joi.object<HardeningReport>({
  format: Joi.valid(1).required(),
  version: text,
  base: text,
  built: text,
  counts: Joi.object({ checks: count, passed: count, exceptions: count, cis: count }).required(),
  sections: Joi.array()
    .items(
      Joi.object({
        id: text,
        title: text,
        checks: Joi.array().items(control).required(),
        unasked: words,
        exceptions: Joi.array()
          .items(Joi.object({ id: text, reason: text }))
          .required(),
      }),
    )
    .min(1)
    .unique("id")
    .required(),
});

async function hardeningChecks(file: EvidenceFile): Promise<Check[]> {
  const { value, problems } = await readEvidence(file, schema);
  const form = check("report: can be read, and every exception has its reason", problems);
  if (value === undefined) return [form];
  const asked = value.sections.flatMap(({ checks }) => checks);
  const wanted = `${buildStem(value)}${ENDING}`;
  return [
    form,
    check("report: of this build", file.name === wanted ? [] : [`it is ${wanted}`]),
    check("report: every check passed", failures(asked)),
    check("report: it counts what it lists", differences(countRows(value, asked))),
  ];
}

function failures(asked: readonly CheckedControl[]): string[] {
  if (asked.length === 0) return ["it lists none"];
  return asked.flatMap(({ id, title, passed, expected, found }) => {
    if (!passed) return [`${id} failed: ${title}`];
    return found.exit === expected.exit
      ? []
      : [`${id} passed, with exit code ${found.exit} for ${expected.exit}`];
  });
}

function countRows(
  { counts, sections }: HardeningReport,
  asked: readonly CheckedControl[],
): [string, number, number][] {
  return [
    ["counts.checks", counts.checks, asked.length],
    ["counts.passed", counts.passed, asked.filter(({ passed }) => passed).length],
    ["counts.exceptions", counts.exceptions, sections.flatMap(({ exceptions }) => exceptions).length],
    ["counts.cis", counts.cis, new Set(asked.flatMap(({ cis }) => cis)).size],
  ];
}
