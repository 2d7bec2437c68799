import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { run } from "../../../../builder/host/run.ts";
import { digestFile, hasDigest } from "../../../../builder/pipeline/cache/digest.ts";
import { scratch } from "../../../kit/scratch.ts";

const MIB = 1024 * 1024;

test("a dense file has the digest that sha256sum says", async (t) => {
  const file = join(await scratch(t), "dense");
  for (const size of [0, 1, MIB, MIB + 1, 3 * MIB - 7]) {
    await writeFile(file, Buffer.alloc(size, "postern"));
    const { stdout } = await run("sha256sum", [file]);
    t.is(await digestFile(file), `sha256:${stdout.slice(0, 64)}`);
  }
});

async function sparse(file: string, size: number, pieces: readonly { at: number; text: string }[]) {
  const handle = await open(file, "w");
  await handle.truncate(size);
  for (const { at, text } of pieces) await handle.write(text, at);
  await handle.close();
}

test("the digest of a sparse file depends on its bytes alone, not on which zeros are holes", async (t) => {
  const folder = await scratch(t);
  const piece = fc.record({ at: fc.nat(20 * MIB), text: fc.string({ minLength: 1, maxLength: 9 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 4 }), async (pieces) => {
      const holes = join(folder, "holes");
      const filled = join(folder, "filled");
      await sparse(holes, 24 * MIB, pieces);
      await run("cp", ["--sparse=never", holes, filled]);
      const digest = await digestFile(holes);
      t.regex(digest, /^blocks:/);
      t.true(await hasDigest(filled, digest));
    }),
    { numRuns: 8 },
  );
});

test("any other byte, and any other length, is another digest", async (t) => {
  const file = join(await scratch(t), "disk");
  const pieces = [{ at: 5 * MIB + 3, text: "here" }];
  await sparse(file, 24 * MIB, pieces);
  const digest = await digestFile(file);
  const changes: [string, number, { at: number; text: string }[]][] = [
    ["a changed byte", 24 * MIB, [{ at: 5 * MIB + 3, text: "hero" }]],
    ["a byte in a hole", 24 * MIB, [...pieces, { at: 17 * MIB, text: "x" }]],
    ["the same bytes elsewhere", 24 * MIB, [{ at: 6 * MIB + 3, text: "here" }]],
    ["one zero more", 24 * MIB + 1, pieces],
    ["nothing at all", 24 * MIB, []],
  ];
  for (const [what, size, written] of changes) {
    await sparse(file, size, written);
    t.false(await hasDigest(file, digest), what);
  }
  await sparse(file, 24 * MIB, pieces);
  t.true(await hasDigest(file, digest));
});

test("a 16 GiB disk with little in it is hashed by what is in it", async (t) => {
  const file = join(await scratch(t), "disk");
  await sparse(file, 16 * 1024 * MIB, [{ at: 9 * 1024 * MIB, text: "data" }]);
  const start = performance.now();
  await digestFile(file);
  // By its bytes it takes half a minute.
  t.true(performance.now() - start < 5000);
});
