import Joi from "joi";
import { parseJson } from "../parse.ts";

/** The figures of a hardening report, without its answers. */
export interface HardeningFigures {
  counts: { checks: number; passed: number; exceptions: number; cis: number };
  sections: readonly { title: string; checks: number; passed: number; exceptions: number }[];
}

interface Parsed {
  format: 1;
  counts: HardeningFigures["counts"];
  sections: readonly {
    title: string;
    checks: readonly { passed: boolean }[];
    exceptions: readonly unknown[];
  }[];
}

const count = Joi.number().integer().min(0).required();
const schema = Joi.object<Parsed>({
  format: Joi.valid(1).required(),
  counts: Joi.object({ checks: count, passed: count, exceptions: count, cis: count }).required(),
  sections: Joi.array()
    .items(
      Joi.object({
        title: Joi.string().required(),
        checks: Joi.array()
          .items(Joi.object({ passed: Joi.boolean().required() }).unknown())
          .required(),
        exceptions: Joi.array().required(),
      }).unknown(),
    )
    .required(),
}).unknown();

/** @throws PosternError `artifact.hardening` when it is no hardening report. */
export function hardeningFigures(json: string, file: string): HardeningFigures {
  const { counts, sections } = parseJson(json, schema, {
    code: "artifact.hardening",
    what: `${file} is no hardening report`,
    hint: "Build again: ./postern build.",
  });
  return {
    counts,
    sections: sections.map(({ title, checks, exceptions }) => ({
      title,
      checks: checks.length,
      passed: checks.filter(({ passed }) => passed).length,
      exceptions: exceptions.length,
    })),
  };
}
