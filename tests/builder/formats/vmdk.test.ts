import { open, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { descriptor } from "../../../builder/formats/vmdk/descriptor.ts";
import { SECTOR, vmdkLayout } from "../../../builder/formats/vmdk/layout.ts";
import { readVmdk } from "../../../builder/formats/vmdk/read.ts";
import { writeVmdk } from "../../../builder/formats/vmdk/write.ts";
import { run } from "../../../builder/host/run.ts";
import { withFolder } from "../disk/kit.ts";
import { type Filling, fillings, isSame, optionsFor, withFlippedBit, withSource, writeRaw } from "./kit.ts";

test("any disk comes back through our reader and through qemu-img", async (t) => {
  await withFolder(async (folder) => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fillings, async (pieces) => {
        const raw = await writeRaw(folder, `${number}.raw`, pieces);
        const out = join(folder, `${number++}.vmdk`);
        await writeVmdk(optionsFor(raw, out));
        await withSource(out, async (source) => {
          const { disk, problems, populated } = await readVmdk(source);
          t.deepEqual(problems, []);
          t.true(await isSame(disk, raw));
          t.is(populated, pieces.filter((piece) => piece === "text" || piece === "noise").length * 65536);
        });
        await run("qemu-img", ["check", "-q", "-f", "vmdk", out]);
        await run("qemu-img", ["compare", "-q", "-f", "raw", "-F", "vmdk", raw, out]);
      }),
      { numRuns: 20 },
    );
  });
});

test("exactly one empty sector ends the file, whether the last grain packs well or not at all", async (t) => {
  await withFolder(async (folder) => {
    for (const last of ["text", "noise"] as const) {
      const raw = await writeRaw(folder, `${last}.raw`, [...Array<Filling>(15).fill("noise"), last]);
      const out = join(folder, `${last}.vmdk`);
      await writeVmdk(optionsFor(raw, out));
      const bytes = await readFile(out);
      const data = Buffer.from(bytes).toString("latin1").trimEnd().replace(/\0+$/, "").length;
      t.true(bytes.length - data >= SECTOR && bytes.length - data < 2 * SECTOR + 1);
    }
  });
});

test("the bytes do not hang on the number of jobs", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(64).fill("noise").fill("text", 20, 50));
    const outs = await Promise.all(
      [1, 3, 16].map(async (jobs) => {
        const out = join(folder, `${jobs}.vmdk`);
        await writeVmdk({ ...optionsFor(raw, out), jobs });
        return readFile(out);
      }),
    );
    t.true(outs.every((bytes) => outs[0]?.equals(bytes)));
  });
});

test("the content ids change with the content and with its place only", async (t) => {
  await withFolder(async (folder) => {
    const idOf = async (name: string, pieces: readonly Filling[]): Promise<string | undefined> => {
      const raw = await writeRaw(folder, `${name}.raw`, pieces);
      await writeVmdk(optionsFor(raw, join(folder, `${name}.vmdk`)));
      return /CID=(\w+)/.exec(
        (await readFile(join(folder, `${name}.vmdk`))).toString("latin1", 512, 2048),
      )?.[1];
    };
    const rest = Array<Filling>(14).fill("hole");
    const first = await idOf("a", ["zero", "zero", ...rest]);
    t.is(await idOf("b", ["hole", "hole", ...rest]), first);
    t.not(await idOf("c", ["text", "zero", ...rest]), first);
  });
});

test("a content id is never the one that means no parent", (t) => {
  t.regex(descriptor(2048, Buffer.alloc(32, 0xff)).toString("latin1"), /^CID=00000001$/m);
});

test("a flipped bit is found, unless it changes nothing", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", [
      "text",
      "hole",
      "noise",
      ...Array<Filling>(13).fill("text"),
    ]);
    const out = join(folder, "disk.vmdk");
    await writeVmdk(optionsFor(raw, out));
    await withSource(out, async (source) => {
      // Header, descriptor, tables and one grain with its marker; anywhere.
      const early = fc.integer({ min: 0, max: vmdkLayout(16 * 65536).overhead * SECTOR + 3000 });
      const places = fc.oneof(early, fc.integer({ min: 0, max: source.size - 1 }));
      await fc.assert(
        fc.asyncProperty(places, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
          const { disk, problems } = await readVmdk(withFlippedBit(source, at, bit));
          // The last byte of a deflated grain has bits that nobody reads.
          t.true(problems.length > 0 || (await isSame(disk, raw)), `byte ${at}, bit ${bit}`);
        }),
        { numRuns: 150 },
      );
    });
  });
});

test("a file that is cut off or too long is found", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(16).fill("text"));
    const out = join(folder, "disk.vmdk");
    await writeVmdk(optionsFor(raw, out));
    const whole = await readFile(out);
    for (const size of [0, 300, 512, 11000, whole.length - 512, whole.length - 1, whole.length + 512]) {
      await writeFile(out, whole);
      await truncate(out, size);
      t.true((await withSource(out, readVmdk)).problems.length > 0, `${size} bytes`);
    }
  });
});

test("qemu-img's own file is refused: its end marker is not one empty sector", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(16).fill("text"));
    const out = join(folder, "qemu.vmdk");
    await run("qemu-img", [
      "convert",
      "-f",
      "raw",
      "-O",
      "vmdk",
      "-o",
      "subformat=streamOptimized",
      raw,
      out,
    ]);
    t.true((await withSource(out, readVmdk)).problems.length > 0);
  });
});

test("a stopped writer leaves nothing, and one that finds a file leaves that alone", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(64).fill("noise"));
    const stop = new AbortController();
    const progress = { ...optionsFor(raw, "").progress, bar: () => stop.abort(new Error("stopped")) };
    const out = join(folder, "disk.vmdk");
    const stopped = writeVmdk({ ...optionsFor(raw, out), progress, signal: stop.signal });
    await t.throwsAsync(stopped, { message: "stopped" });
    t.deepEqual(await readdir(folder), ["disk.raw"]);
    await (await open(out, "wx")).close();
    await t.throwsAsync(writeVmdk(optionsFor(raw, out)), { code: "EEXIST" });
    t.is((await readFile(out)).length, 0);
  });
});
