import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import {
  BAT_OFFSET,
  entryOf,
  HEADERS,
  LOG,
  REGION_TABLES,
  vhdxLayout,
} from "../../../builder/formats/vhdx/layout.ts";
import { readVhdx } from "../../../builder/formats/vhdx/read.ts";
import { writeVhdx } from "../../../builder/formats/vhdx/write.ts";
import { run } from "../../../builder/host/run.ts";
import { withFolder } from "../disk/kit.ts";
import {
  type Filling,
  fillings,
  hasHoles,
  isSame,
  MIB,
  optionsFor,
  withFlippedBit,
  withSource,
  writeRaw,
} from "./kit.ts";

test("any disk comes back through our reader and through qemu-img, in a file without holes", async (t) => {
  await withFolder(async (folder) => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fillings, async (pieces) => {
        const raw = await writeRaw(folder, `${number}.raw`, pieces);
        const out = join(folder, `${number++}.vhdx`);
        await writeVhdx(optionsFor(raw, out));
        await withSource(out, async (source) => {
          const { disk, problems } = await readVhdx(source);
          t.deepEqual(problems, []);
          t.true(await isSame(disk, raw));
        });
        t.false(await hasHoles(out));
        await run("qemu-img", ["check", "-q", "-f", "vhdx", out]);
        await run("qemu-img", ["compare", "-q", "-f", "raw", "-F", "vhdx", raw, out]);
      }),
      { numRuns: 15 },
    );
  });
});

test("a disk of more than 4 GiB has sector-bitmap entries between its blocks, which qemu-img sees alike", async (t) => {
  await withFolder(async (folder) => {
    t.is(entryOf(4095), 4095);
    t.is(entryOf(4096), 4097);
    t.is(vhdxLayout(8192 * MIB).entries, 8193);
    const raw = await writeRaw(folder, "disk.raw", ["text", ...Array<Filling>(15).fill("hole")]);
    await run("truncate", ["--size", "9G", raw]);
    const start = 9 * 1024 * MIB - 65536;
    await run("qemu-io", ["-f", "raw", "-c", `write -P 0x61 ${start} 65536`, raw]);
    const out = join(folder, "disk.vhdx");
    await writeVhdx(optionsFor(raw, out));
    // qemu-img compare would read all of the 9 GiB; this reads what is there, and beside it.
    const reads = ["-c", `read -P 0x61 ${start} 65536`, "-c", `read -P 0 ${start - MIB} ${MIB}`];
    const { stdout } = await run("qemu-io", ["-r", "-f", "vhdx", ...reads, out]);
    t.notRegex(stdout, /failed/);
    await withSource(out, async (source) => {
      const { disk, problems } = await readVhdx(source);
      t.deepEqual(problems, []);
      t.true((await disk?.read(start, 65536))?.equals(Buffer.alloc(65536, 0x61)));
    });
  });
});

test("the same disk and seed give the same bytes, another seed others", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(16).fill("text"));
    const bytesFor = async (name: string, seed: string): Promise<Buffer> => {
      await writeVhdx({ ...optionsFor(raw, join(folder, name)), seed });
      return readFile(join(folder, name));
    };
    const first = await bytesFor("a", "one");
    t.true(first.equals(await bytesFor("b", "one")));
    t.false(first.equals(await bytesFor("c", "two")));
  });
});

test("a flipped bit in what describes the disk is found", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", [
      ...Array<Filling>(16).fill("text"),
      ...Array<Filling>(16).fill("hole"),
    ]);
    const out = join(folder, "disk.vhdx");
    await writeVhdx(optionsFor(raw, out));
    const within = (start: number, size: number) => fc.integer({ min: start, max: start + size - 1 });
    const places = fc.oneof(
      within(0, 8),
      ...HEADERS.map((at) => within(at, 4096)),
      ...REGION_TABLES.map((at) => within(at, 65536)),
      within(LOG.offset, LOG.size),
      // Signature and count of the metadata, its entries' names, and the values but the disk's id.
      within(2 * MIB, 8),
      within(2 * MIB + 32, 28),
      within(2 * MIB + 65536, 16),
      within(BAT_OFFSET, MIB),
    );
    await withSource(out, async (source) => {
      await fc.assert(
        fc.asyncProperty(places, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
          t.true(
            (await readVhdx(withFlippedBit(source, at, bit))).problems.length > 0,
            `byte ${at}, bit ${bit}`,
          );
        }),
        { numRuns: 200 },
      );
    });
  });
});

test("what is not a VHDX is said to be none", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(64).fill("noise"));
    t.deepEqual((await withSource(raw, readVhdx)).problems, ["VHDX: identifier: no VHDX signature"]);
  });
});
