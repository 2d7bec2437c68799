import type Joi from "joi";
import { type ErrorCode, PosternError } from "../error.ts";

/** One thing wrong with a document that a person wrote. */
export interface Problem {
  /** Where: `clients[1].cidr`, or `(document)` for the whole. */
  path: string;
  /** What was expected there. */
  expected: string;
  /** What came, shortened; secrets never. */
  got: string;
}

const SECRET = /password|secret|passphrase|hash|token/i;
const LONGEST_VALUE = 60;

/** `["clients", 1, "cidr"]` as `clients[1].cidr`. */
export function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return "(document)";
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

/** A value as a person reads it in an error line. Values of secret fields are masked. */
export function valueText(path: string, value: unknown): string {
  if (value === undefined) return "nothing";
  if (SECRET.test(path)) return "(hidden)";
  const mask = (key: string, inner: unknown) => (SECRET.test(key) ? "(hidden)" : inner);
  const text = JSON.stringify(value, mask) ?? String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 3)}...` : text;
}

/**
 * Checks a value and returns it with defaults filled in, or every problem at once.
 *
 * A schema says what it expects by `.messages({ "*": "..." })` or by joi's own words.
 */
export function check<T>(
  schema: Joi.Schema<T>,
  value: unknown,
): { value: T; problems: [] } | { value: undefined; problems: Problem[] } {
  const result = schema.validate(value, { abortEarly: false, convert: false, errors: { label: false } });
  if (result.error === undefined) return { value: result.value, problems: [] };
  const problems = result.error.details.map((detail) => {
    const path = pathText(detail.path);
    const got = valueText(path, detail.context?.value);
    return { path, expected: detail.message, got };
  });
  return { value: undefined, problems };
}

/** One error for all problems, one line each. */
export function problemsError(
  code: ErrorCode,
  file: string,
  problems: readonly Problem[],
  hint: string,
): PosternError {
  const lines = problems.map(({ path, expected, got }) => `  ${path}: ${expected}; got ${got}`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new PosternError({ code, message: `${file}: ${count}\n${lines.join("\n")}`, hint });
}
