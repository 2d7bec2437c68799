import type { BootTest } from "../evidence/release/boot.ts";
import { tapResult } from "./tap.ts";

/** What tests/boot/run.ts puts before a line that is no result: the file that it comes from. */
const LABELLED = /^ {2}(?<group>\S+) \| (?<line>.*)$/;
const TITLE = /^(?:not )?ok \d+ - (?:(?<group>[\w-]+) › )?(?<title>.*?)(?: # (?:SKIP|TODO))?$/;
/** Why a test is skipped, said before its result; and why one passed without looking, said below it. */
const SKIPPED = /^skipped, (?<reason>.+): .+$/;
const NOT_MEASURED = /^#\s+not measured \([^)]*\): (?<reason>.+)$/;

interface Group {
  /** Milliseconds of its last result, or its first line. */
  since: number;
  reason?: string;
  last?: BootTest;
}

/**
 * Gathers the boot tests' results from their TAP, line by line as it comes.
 *
 * @param now milliseconds
 */
export function bootRecorder(now: () => number = () => performance.now()): {
  take(line: string): void;
  tests(): BootTest[];
} {
  const groups = new Map<string, Group>();
  const tests: BootTest[] = [];

  function groupOf(name: string): Group {
    const found = groups.get(name) ?? { since: now() };
    groups.set(name, found);
    return found;
  }

  function takeRemark(name: string, line: string): void {
    const group = groupOf(name);
    const reason = SKIPPED.exec(line)?.groups?.reason;
    if (reason !== undefined) group.reason = reason;
    const unmeasured = NOT_MEASURED.exec(line)?.groups?.reason;
    if (unmeasured === undefined || group.last?.result !== "passed") return;
    group.last.result = "skipped";
    group.last.reason = unmeasured;
  }

  function takeResult(line: string, result: BootTest["result"]): void {
    const { group: name = "", title = line } = TITLE.exec(line)?.groups ?? {};
    const group = groupOf(name);
    const time = now();
    const seconds = result === "skipped" ? 0 : Math.round((time - group.since) / 100) / 10;
    const why = result === "skipped" && group.reason !== undefined ? { reason: group.reason } : {};
    const test: BootTest = { group: name, title, result, seconds, ...why };
    groups.set(name, { since: time, last: test });
    tests.push(test);
  }

  return {
    take(line) {
      const result = tapResult(line);
      if (result !== undefined) return takeResult(line, result);
      const { group = "", line: inner = line } = LABELLED.exec(line)?.groups ?? {};
      takeRemark(group, inner);
    },
    tests: () => tests.toSorted((a, b) => (a.group === b.group ? 0 : a.group < b.group ? -1 : 1)),
  };
}
