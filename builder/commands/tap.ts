/** How tests ended. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export const NO_TESTS: Counts = { passed: 0, failed: 0, skipped: 0 };

// The Test Anything Protocol, version 13 (https://testanything.org/tap-version-13-specification.html):
// a test's line stands at the very left; what belongs to it is indented.
const RESULT = /^(not )?ok\b(.*)$/;

/** What a line of TAP says about a test, or undefined where it is no result. */
export function tapResult(line: string): keyof Counts | undefined {
  const [, not, rest = ""] = RESULT.exec(line) ?? [];
  if (RESULT.exec(line) === null) return undefined;
  // Only at the end: a title may speak of them too, and ava adds no reason.
  if (/ # (SKIP|TODO)$/.test(rest)) return "skipped";
  return not === undefined ? "passed" : "failed";
}

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** `12 passed, 0 failed, 1 skipped`: the last line of a test run. */
export function countsText({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
