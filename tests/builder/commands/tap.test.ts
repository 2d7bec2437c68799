import test from "ava";
import { addCounts, type Counts, countsText, tapResult } from "../../../builder/commands/tap.ts";

const LINES: [string, keyof Counts | undefined][] = [
  ["ok 1 - a test", "passed"],
  ["not ok 2 - a test that is not ok", "failed"],
  ["ok 3 - boots # SKIP", "skipped"],
  ["ok 3 - TAP: boots # SKIP no more", "passed"],
  ["not ok 4 - later # TODO", "skipped"],
  ["ok", "passed"],
  ["okay 1", undefined],
  ["  ok 1 - inner", undefined],
  ["1..4", undefined],
  ["# ok 1", undefined],
  ["---", undefined],
];
test("a line of TAP is a result or none", (t) => {
  for (const [line, result] of LINES) t.is(tapResult(line), result, line);
});

test("counts add up to the last line of a run", (t) => {
  const one = { passed: 1, failed: 0, skipped: 0 };
  t.is(countsText(addCounts(one, one)), "2 passed, 0 failed");
  t.is(countsText(addCounts(one, { passed: 0, failed: 2, skipped: 3 })), "1 passed, 2 failed, 3 skipped");
});
