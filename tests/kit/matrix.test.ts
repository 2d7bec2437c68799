import test from "ava";
import fc from "fast-check";
import { choiceOf, chosen } from "../boot/kit/matrix.ts";

const ROWS = [{ title: "a", core: true }, { title: "b" }, { title: "c", core: true }, { title: "d" }];

const CHOICES: [Record<string, string>, string][] = [
  [{}, "ac"],
  [{ POSTERN_MATRIX: "all" }, "abcd"],
  [{ POSTERN_SHARD: "1/2" }, "a"],
  [{ POSTERN_SHARD: "2/2" }, "c"],
  [{ POSTERN_MATRIX: "all", POSTERN_SHARD: "2/3" }, "b"],
  [{ POSTERN_MATRIX: "core" }, "ac"],
];
for (const [env, ids] of CHOICES) {
  test(`${JSON.stringify(env)} boots ${ids}`, (t) => {
    t.is(
      chosen(ROWS, choiceOf(env))
        .map(({ title }) => title)
        .join(""),
      ids,
    );
  });
}

test("the shards together are everything, once", (t) => {
  const sizes = fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(sizes, ([length, of]) => {
      const rows = Array.from({ length }, (_, index) => ({ title: String(index), index }));
      const parts = Array.from({ length: of }, (_, index) =>
        chosen(rows, { all: true, shard: { index: index + 1, of } }),
      );
      t.deepEqual(
        parts.flat().sort((a, b) => a.index - b.index),
        rows,
      );
    }),
  );
});

for (const text of ["0/2", "3/2", "1", "a/b", "1/0", ""]) {
  test(`no shard: ${JSON.stringify(text)}`, (t) => {
    t.throws(() => choiceOf({ POSTERN_SHARD: text }), { message: /like 2\/4/ });
  });
}
