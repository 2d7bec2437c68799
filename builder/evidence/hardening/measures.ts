import Joi from "joi";
import { parseJson } from "../parse.ts";
import { GATES, type Gate, type GateId, reaches } from "./gates.ts";

/** One figure, with what stands behind it. */
export interface Measure {
  id: GateId;
  value: number;
  /** The command that gave it. */
  command: string;
  /** What counted: the suggestions of lynis, the rules that failed, the files that were found. */
  details: readonly string[];
}

/** `postern-<version>-<base>-amd64-measures.json`. */
export interface Measures {
  format: 1;
  /** The artifact that was booted. */
  image: string;
  measures: readonly Measure[];
  /** What could not be measured, and why. */
  skipped: readonly { id: GateId; reason: string }[];
}

const ids = GATES.map(({ id }) => id);
const id = Joi.valid(...ids).required();
const schema = Joi.object<Measures>({
  format: Joi.valid(1).required(),
  image: Joi.string().required(),
  measures: Joi.array()
    .items(
      Joi.object({
        id,
        value: Joi.number().required(),
        command: Joi.string().required(),
        details: Joi.array().items(Joi.string().allow("")).required(),
      }),
    )
    .unique("id")
    .required(),
  skipped: Joi.array()
    .items(Joi.object({ id, reason: Joi.string().required() }))
    .required(),
});

/** @throws PosternError `input.measures` when it is not a file of measures. */
export function parseMeasures(text: string, file: string): Measures {
  return parseJson(text, schema, {
    code: "input.measures",
    what: `${file} holds no measures`,
    hint: "POSTERN_DIST=dist node tests/boot/run.ts tests/boot/6-hardening.test.ts makes one.",
  });
}

/** Gates and figures as a table in Markdown; a figure that is not there is said to be not measured. */
export function measuresTable({ measures, skipped }: Pick<Measures, "measures" | "skipped">): string {
  const rows = GATES.map((gate) => {
    const value = measures.find((one) => one.id === gate.id)?.value;
    const reason = skipped.find((one) => one.id === gate.id)?.reason;
    return `| ${[gate.title, wish(gate, gate.gate), wish(gate, gate.goal), found(gate, value, reason)].join(" | ")} |`;
  });
  return ["| measure | gate | goal | measured |", "| --- | --- | --- | --- |", ...rows, ""].join("\n");
}

function wish({ better }: Gate, line: number): string {
  return line === 0 ? "0" : `${better === "more" ? "at least" : "at most"} ${line}`;
}

function found(gate: Gate, value: number | undefined, reason: string | undefined): string {
  if (value === undefined) return `not measured${reason === undefined ? "" : `: ${reason}`}`;
  if (reaches(gate, value, gate.goal)) return `${value}`;
  return reaches(gate, value, gate.gate)
    ? `${value} (the goal is not reached)`
    : `**${value}** (below the gate)`;
}
