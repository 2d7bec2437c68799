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

const SECRET = /pass|pwd|secret|hash|token|credential|private.?key/i;
/** A crypt(5) hash or a private key, wherever it was put by mistake. */
const SECRET_VALUE = /\$(?:y|gy|7|[1256][abxy]?)\$|PRIVATE KEY/;
const LONGEST_VALUE = 60;
/** Who has more mends these first. */
const MOST_LINES = 50;

/** `["clients", 1, "cidr"]` as `clients[1].cidr`. */
export function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return "(document)";
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      return index === 0 ? nameText(part) : `.${nameText(part)}`;
    })
    .join("");
}

/** A field's name; in quotes when somebody made up one that is hardly one. */
function nameText(name: string): string {
  return /^[^\s"'\p{C}]+$/u.test(name) ? name : JSON.stringify(name);
}

/** A value as a person reads it in an error line. Values of secret fields are masked. */
export function valueText(path: string, value: unknown): string {
  if (value === undefined) return "nothing";
  if (SECRET.test(path)) return "(hidden)";
  const mask = (key: string, inner: unknown) =>
    SECRET.test(key) || (typeof inner === "string" && SECRET_VALUE.test(inner)) ? "(hidden)" : inner;
  const text = JSON.stringify(value, mask) ?? String(value);
  return cut(text);
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 3)}...` : text;
}

/** Control characters, and those that turn the direction of text, could make a terminal show something else. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
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
  const lines = problems
    .slice(0, MOST_LINES)
    .map(({ path, expected, got }) => printable(`  ${cut(path)}: ${expected}; got ${got}`));
  const more = problems.length > MOST_LINES ? [`  and ${problems.length - MOST_LINES} more`] : [];
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new PosternError({ code, message: `${file}: ${count}\n${[...lines, ...more].join("\n")}`, hint });
}
