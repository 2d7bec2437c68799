import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { PosternError } from "../../../builder/error.ts";
import { footerProblems, vhdFooter } from "../../../builder/formats/vhd/footer.ts";
import { readVhd } from "../../../builder/formats/vhd/read.ts";
import { writeVhd } from "../../../builder/formats/vhd/write.ts";
import { run } from "../../../builder/host/run.ts";
import { EPOCH, withFolder } from "../disk/kit.ts";
import { type Filling, hasHoles, isSame, MIB, optionsFor, withSource, writeRaw } from "./kit.ts";

const ID = "11111111-2222-8333-8444-555555555555";

test("a disk comes back through our reader and qemu-img, and the file is sparse", async (t) => {
  await withFolder(async (folder) => {
    const pieces = Array<Filling>(21 * 16)
      .fill("hole")
      .fill("text", 3, 9)
      .fill("noise", 335);
    const raw = await writeRaw(folder, "disk.raw", pieces);
    const out = join(folder, "disk.vhd");
    await writeVhd(optionsFor(raw, out));
    await withSource(out, async (source) => {
      t.is(source.size, 21 * MIB + 512);
      const { disk, problems } = await readVhd(source);
      t.deepEqual(problems, []);
      t.true(await isSame(disk, raw));
    });
    t.true(await hasHoles(out));
    await run("qemu-img", ["compare", "-q", "-f", "raw", "-F", "vpc", raw, out]);
    const again = join(folder, "again.vhd");
    await writeVhd(optionsFor(raw, again));
    t.true((await readFile(out)).equals(await readFile(again)));
  });
});

test("any flipped bit of the footer breaks its sum", (t) => {
  const size = 64 * MIB;
  t.deepEqual(footerProblems(vhdFooter(size, ID, EPOCH), size), []);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 511 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      const footer = vhdFooter(size, ID, EPOCH);
      footer.writeUInt8(footer.readUInt8(at) ^ (1 << bit), at);
      t.true(footerProblems(footer, size).length > 0);
    }),
    { numRuns: 300 },
  );
});

test("a footer with another geometry is found, though its sum is right", (t) => {
  for (const at of [56, 57, 58, 59]) {
    const footer = vhdFooter(MIB, ID, EPOCH);
    const byte = footer.readUInt8(at);
    footer.writeUInt8(byte - 1, at);
    // The sum is the ones' complement of all bytes: one less here is one more there.
    footer.writeUInt32BE(footer.readUInt32BE(64) + 1, 64);
    t.is([...footerProblems(footer, MIB)].length, 1, `byte ${at}`);
  }
});

test("a footer for another size, or none, is found", async (t) => {
  t.true(footerProblems(vhdFooter(2 * MIB, ID, EPOCH), MIB).length > 0);
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(16).fill("text"));
    t.regex((await withSource(raw, readVhd)).problems.join(), /not whole MiB/);
  });
});

test("a disk below Azure's 20 MiB is refused", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(16).fill("text"));
    const writing = writeVhd(optionsFor(raw, join(folder, "x.vhd")));
    t.is((await t.throwsAsync(writing, { instanceOf: PosternError }))?.code, "artifact.vhd");
  });
});
