import type { CheckResult } from "../check/check.ts";
import { messageOf, PosternError } from "../error.ts";

/** What failed, and below each what to do about it. */
export function failureLines(failed: readonly CheckResult[]): string[] {
  return failed.flatMap(({ title, detail, next }) => [
    `${title}: ${detail}`,
    ...(next === undefined ? [] : [`  ${next}`]),
  ]);
}

/** An error as lines of a page. */
export function errorLines(error: unknown): string[] {
  const lines = messageOf(error)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 10);
  return error instanceof PosternError ? [...lines, error.hint] : lines;
}
