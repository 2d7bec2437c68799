import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { isZero } from "../../../appliance/disk/bytes.ts";
import { PosternError } from "../../../builder/error.ts";
import { blockRuns, dataBlocks, rawSize } from "../../../builder/formats/raw.ts";
import { withFolder } from "../disk/kit.ts";
import { fillings, MIB, withSource, writeRaw } from "./kit.ts";

const ranges = fc.array(fc.record({ start: fc.nat({ max: 500 }), length: fc.nat({ max: 60 }) }), {
  maxLength: 8,
});

test("runs of blocks cover exactly the blocks that the ranges touch", (t) => {
  fc.assert(
    fc.property(ranges, fc.integer({ min: 1, max: 32 }), (list, blockSize) => {
      const touched = new Set<number>();
      for (const { start, length } of list) {
        for (let at = start; at < start + length; at++) touched.add(Math.floor(at / blockSize));
      }
      const runs = blockRuns(list, blockSize);
      const covered = runs.flatMap(([first, behind]) =>
        Array.from({ length: behind - first }, (_, index) => first + index),
      );
      t.deepEqual(
        covered,
        [...touched].sort((a, b) => a - b),
      );
      t.true(runs.every(([first], index) => index === 0 || first > (runs[index - 1]?.[1] ?? 0)));
    }),
  );
});

test("the blocks of a disk are those that are not all zero, at any block size", async (t) => {
  await withFolder(async (folder) => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fillings, fc.constantFrom(65536, MIB), async (pieces, blockSize) => {
        const raw = await writeRaw(folder, `${number++}.raw`, pieces);
        const signal = new AbortController().signal;
        const found: number[] = [];
        await withSource(raw, async (source) => {
          for await (const { index, bytes } of dataBlocks({ raw, blockSize, signal })) {
            found.push(index);
            t.true(bytes.equals(await source.read(index * blockSize, blockSize)));
          }
          const expected: number[] = [];
          for (let at = 0; at < source.size; at += blockSize) {
            if (!isZero(await source.read(at, blockSize))) expected.push(at / blockSize);
          }
          t.deepEqual(found, expected);
        });
      }),
      { numRuns: 20 },
    );
  });
});

test("a disk of broken MiB is refused", async (t) => {
  await withFolder(async (folder) => {
    for (const size of [0, 1, MIB + 512]) {
      const raw = join(folder, `${size}.raw`);
      await writeFile(raw, Buffer.alloc(size));
      t.is((await t.throwsAsync(rawSize(raw), { instanceOf: PosternError }))?.code, "artifact.raw");
    }
  });
});
