import test from "ava";
import { ratioOf, spreadOf } from "../../../bench/load/spread.ts";

test("the middle, the smallest and the largest", (t) => {
  t.deepEqual(spreadOf([3, 1, 10]), { median: 3, min: 1, max: 10 });
  t.throws(() => spreadOf([]));
});

for (const [title, ours, theirs, expected] of [
  ["each to the one beside it", [2, 30], [1, 10], { median: 2.5, min: 2, max: 3 }],
  ["what has no other is left out", [2, 30], [1], { median: 2, min: 2, max: 2 }],
  ["nothing to nothing", [2], [0], undefined],
] as const) {
  test(`ratios: ${title}`, (t) => t.deepEqual(ratioOf(ours, theirs), expected));
}
