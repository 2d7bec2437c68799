import test from "ava";
import { failureCollector } from "../../../builder/commands/failures.ts";

function collected(lines: readonly string[]): string[] {
  const collector = failureCollector();
  for (const line of lines) collector.take(line);
  return collector.text().split("\n").slice(0, -1);
}

const FAILED = ["not ok 2 - a › b", "  ---", "    message: no", "  ..."];
const LABELLED = ["not ok 3 - 1-ova › boots", "  1-ova |   ---", "  1-ova |     at: x", "  1-ova |   ..."];

test("a failed test is kept with what is said of it, and nothing else is", (t) => {
  const lines = ["TAP version 13", "ok 1 - fine", ...FAILED, "  later", ...LABELLED, "ok 4 - fine", "1..4"];
  t.deepEqual(collected(lines), [...FAILED, ...LABELLED]);
});

test("a result ends what came before it", (t) => {
  t.deepEqual(collected(["not ok 1 - a", "not ok 2 - b", "ok 3 - c", "  more"]), [
    "not ok 1 - a",
    "not ok 2 - b",
  ]);
});

test("nothing failed, nothing said", (t) => {
  t.deepEqual(collected(["ok 1 - a", "  ---", "  ..."]), []);
});

test("of pages of difference the beginning is kept", (t) => {
  const kept = collected(["not ok 1 - a", ...Array.from({ length: 99 }, () => "x".repeat(999))]);
  t.is(kept.length, 15);
  t.true(kept.slice(1).every((line) => line.length === 240 && line.endsWith("…")));
});
