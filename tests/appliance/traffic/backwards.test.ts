import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { readBack } from "../../../appliance/traffic/backwards.ts";
import { tempFolder } from "../kit/temp.ts";

async function all(path: string, budget = 1 << 28): Promise<{ lines: string[]; isWhole: boolean }> {
  const lines: string[] = [];
  const { isWhole } = await readBack(path, budget, (line) => lines.push(line) > 0);
  return { lines, isWhole };
}

test("every whole line comes, newest first, with those of the rotated log behind", async (t) => {
  const path = join(tempFolder(t), "access.log");
  const text = fc.array(fc.stringMatching(/^[a-zä€]{1,40}$/), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(text, text, fc.stringMatching(/^[a-z]{0,9}$/), async (older, newer, torn) => {
      writeFileSync(`${path}.1`, older.map((line) => `${line}\n`).join(""));
      writeFileSync(path, newer.map((line) => `${line}\n`).join("") + torn);

      t.deepEqual(await all(path), { lines: [...older, ...newer].toReversed(), isWhole: true });
    }),
    { numRuns: 50 },
  );
});

test("lines that lie across the blocks of reading are whole; one that never ends is dropped", async (t) => {
  const path = join(tempFolder(t), "access.log");
  const lines = Array.from({ length: 30_000 }, (_, index) => `${index} ${"x".repeat(90)}`);
  writeFileSync(path, `first\n${"y".repeat(3_000_000)}\n${lines.join("\n")}\n`);

  const read = await all(path);

  t.deepEqual(read.lines.slice(0, lines.length), lines.toReversed());
  t.is(read.lines.at(-1), "first");
  t.true(read.lines.length <= lines.length + 2);
});

test("the budget ends it, and that is said", async (t) => {
  const path = join(tempFolder(t), "access.log");
  writeFileSync(path, "0123456789\n".repeat(100));

  t.deepEqual(await all(path, 55), { lines: new Array(4).fill("0123456789"), isWhole: false });
  t.true((await all(path, 1100)).isWhole);
});

test("no log is an empty log", async (t) => {
  t.deepEqual(await all(join(tempFolder(t), "access.log")), { lines: [], isWhole: true });
});
