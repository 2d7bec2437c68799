import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { type Gpt, gptBytes, type SectorSize, usableSectors } from "../../../appliance/disk/gpt.ts";
import { readGpt } from "../../../appliance/disk/gpt-read.ts";
import { derivedUuid, diskIds } from "../../../appliance/disk/ids.ts";
import { diskLayout, GIB } from "../../../appliance/disk/layout.ts";
import { run } from "../../../builder/host/run.ts";
import { memorySource, withFolder } from "../../builder/disk/kit.ts";

function tableOf(sectorSize: SectorSize, sizes: readonly number[], seed: string): Gpt {
  const partitions = [];
  let next = 2048;
  for (const [index, size] of sizes.entries()) {
    const id = derivedUuid(seed, `id ${index}`);
    partitions.push({
      type: derivedUuid(seed, "type"),
      id,
      name: `part ${index}`,
      first: next,
      last: next + size - 1,
    });
    next += size;
  }
  return { disk: derivedUuid(seed, "disk"), sectorSize, sectors: next + 64, partitions };
}

function imageOf(gpt: Gpt): Buffer {
  const { start, end, endOffset } = gptBytes(gpt);
  const image = Buffer.alloc(gpt.sectors * gpt.sectorSize);
  start.copy(image);
  end.copy(image, endOffset);
  return image;
}

const tables = fc.record({
  sectorSize: fc.constantFrom<SectorSize>(512, 4096),
  sizes: fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 20 }),
  seed: fc.string(),
});

test("what was written is read back, at both sector sizes", async (t) => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ sectorSize, sizes, seed }) => {
      const gpt = tableOf(sectorSize, sizes, seed);
      const reading = await readGpt(memorySource(imageOf(gpt)), sectorSize);
      t.deepEqual(reading, { gpt, problems: [] });
    }),
    { numRuns: 30 },
  );
});

test("a flipped bit in the table's bytes is always found", async (t) => {
  const gpt = tableOf(512, [2048, 4096], "flip");
  const image = imageOf(gpt);
  const { start, end, endOffset } = gptBytes(gpt);
  const inStart = fc.integer({ min: 512, max: start.length - 1 });
  const inEnd = fc.integer({ min: 0, max: end.length - 1 }).map((at) => at + endOffset);
  // Behind the header's 92 bytes its sector is reserved, and no CRC covers it.
  const isReserved = (at: number): boolean =>
    [512, gpt.sectors * 512 - 512].some((header) => at >= header + 92 && at < header + 512);
  const places = fc.oneof(inStart, inEnd).filter((at) => !isReserved(at));
  await fc.assert(
    fc.asyncProperty(places, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
      const broken = Buffer.from(image);
      broken.writeUInt8(broken.readUInt8(at) ^ (1 << bit), at);
      t.true((await readGpt(memorySource(broken))).problems.length > 0);
    }),
    { numRuns: 200 },
  );
});

test("a protective MBR that does not protect is found", async (t) => {
  for (const at of [0x1be + 4, 0x1be + 8, 0x1be + 12, 510]) {
    const image = imageOf(tableOf(512, [2048], "mbr"));
    image.writeUInt8(image.readUInt8(at) ^ 1, at);
    const { problems } = await readGpt(memorySource(image));
    t.is(problems.length, 1, `byte ${at}`);
    t.regex(problems[0] ?? "", /^MBR/);
  }
});

test("partitions that overlap or stick out are not written", (t) => {
  const gpt = tableOf(512, [100, 100], "bad");
  const [first, second] = gpt.partitions;
  if (first === undefined || second === undefined) return t.fail();
  const { last } = usableSectors(gpt);
  for (const wrong of [{ first: first.last }, { last: last + 1 }, { name: "x".repeat(37) }]) {
    t.throws(() => gptBytes({ ...gpt, partitions: [first, { ...second, ...wrong }] }), {
      instanceOf: RangeError,
    });
  }
});

test("something that is no disk is said to be none", async (t) => {
  t.regex((await readGpt(memorySource(Buffer.alloc(700)))).problems.join(), /cannot hold/);
  const { gpt, problems } = await readGpt(memorySource(Buffer.alloc(1024 * 1024)));
  t.is(gpt, undefined);
  t.true(problems.some((text) => text.includes("no signature")));
});

test("sgdisk finds nothing wrong with the appliance's table", async (t) => {
  await withFolder(async (folder) => {
    const { gpt } = diskLayout(8 * GIB, diskIds("sgdisk"));
    const disk = join(folder, "disk.raw");
    const { start, end, endOffset } = gptBytes(gpt);
    await writeFile(disk, start);
    await run("truncate", ["--size", String(endOffset), disk]);
    await writeFile(disk, end, { flag: "a" });
    t.regex((await run("sgdisk", ["-v", disk])).stdout, /No problems found/);
    const listing = (await run("sgdisk", ["-p", disk])).stdout;
    t.regex(listing, /1\s+2048\s+4095\s+1024\.0 KiB\s+EF02/);
    t.regex(listing, /2\s+4096\s+266239\s+128\.0 MiB\s+EF00/);
    t.regex(listing, /3\s+266240\s+8654847\s+4\.0 GiB\s+8304/);
  });
});
