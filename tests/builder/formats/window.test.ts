import { setImmediate } from "node:timers/promises";
import test from "ava";
import fc from "fast-check";
import { orderedWindow } from "../../../builder/formats/window.ts";

async function* counted(total: number): AsyncGenerator<number> {
  for (let index = 0; index < total; index++) yield index;
}

test("results come in the items' order, and never more than the width run at once", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      async (delays, width) => {
        let running = 0;
        let most = 0;
        const work = async (index: number): Promise<number> => {
          most = Math.max(most, ++running);
          for (let turn = 0; turn < (delays[index] ?? 0); turn++) await setImmediate();
          running--;
          return index;
        };
        const results: number[] = [];
        for await (const result of orderedWindow(counted(delays.length), width, work)) results.push(result);
        t.deepEqual(results, [...delays.keys()]);
        t.true(most <= width);
      },
    ),
  );
});

test("a failure is thrown in its turn, after which nothing runs any more", async (t) => {
  let running = 0;
  const work = async (index: number): Promise<number> => {
    running++;
    await setImmediate();
    running--;
    if (index === 3) throw new Error("number 3");
    return index;
  };
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const result of orderedWindow(counted(10), 4, work)) seen.push(result);
  };
  await t.throwsAsync(all(), { message: "number 3" });
  t.deepEqual(seen, [0, 1, 2]);
  t.is(running, 0);
});
