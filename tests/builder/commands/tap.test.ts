import test from "ava";
import { addCounts, type Counts, countsText, tapResult } from "../../../builder/commands/tap.ts";

const LINES: [string, keyof Counts | undefined][] = [
  ["ok 1 - a test", "passed"],
  ["not ok 2 - a test that is not ok", "failed"],
  ["ok 3 - boots # SKIP no OVMF on this host", "skipped"],
  ["not ok 4 - later # TODO", "skipped"],
  ["ok", "passed"],
  ["okay 1", undefined],
  ["  ok 1 - inner", undefined],
  ["1..4", undefined],
  ["# ok 1", undefined],
  ["---", undefined],
];
for (const [line, result] of LINES) {
  test(`TAP: ${line}`, (t) => {
    t.is(tapResult(line), result);
  });
}

test("counts add up to the last line of a run", (t) => {
  const one = { passed: 1, failed: 0, skipped: 0 };
  t.is(countsText(addCounts(one, one)), "2 passed, 0 failed");
  t.is(countsText(addCounts(one, { passed: 0, failed: 2, skipped: 3 })), "1 passed, 2 failed, 3 skipped");
});
