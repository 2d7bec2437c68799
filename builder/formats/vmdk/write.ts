import { createHash } from "node:crypto";
import { PosternError } from "../../error.ts";
import type { FormatOptions } from "../format.ts";
import { type Output, writeOutput } from "../output.ts";
import { blockRuns, dataRanges, rawSize } from "../raw.ts";
import { startThreads } from "../threads.ts";
import { orderedWindow } from "../window.ts";
import { descriptor } from "./descriptor.ts";
import {
  COMPRESSION_DEFLATE,
  DESCRIPTOR_SECTOR,
  DESCRIPTOR_SECTORS,
  FIELD,
  FLAGS,
  GRAIN,
  GRAIN_SECTORS,
  MAGIC,
  NEWLINES,
  SECTOR,
  TABLE_ENTRIES,
  TABLE_SECTORS,
  VERSION,
  type VmdkLayout,
  vmdkLayout,
} from "./layout.ts";
import { GRAINS_AT_ONCE, PACKED_ROOM, type PackedGrain } from "./packing.ts";
import type { GrainRun } from "./worker.ts";

export type VmdkOptions = Pick<FormatOptions, "raw" | "out" | "progress" | "signal" | "jobs">;

/** Runs in flight for each thread: enough that none waits while a piece is written. */
const WINDOW_PER_THREAD = 3;
/** Each takes about 35 MB, most of it Node itself; with more the writing thread is the slowest. */
const MOST_THREADS = 6;

/**
 * Writes a streamOptimized VMDK. The same raw disk gives the same bytes, whatever `jobs` is and whichever machine
 * it runs on. Grains are packed by `jobs` threads.
 *
 * @throws PosternError `artifact.raw` when the raw disk is not whole MiB
 */
export async function writeVmdk(options: VmdkOptions): Promise<void> {
  const { raw, out, signal, jobs } = options;
  const layout = vmdkLayout(await rawSize(raw));
  const ranges = grainRanges(blockRuns(await dataRanges(raw, signal), GRAIN));
  const count = Math.max(1, Math.min(jobs, MOST_THREADS, ranges.length));
  const threads = startThreads<GrainRun, PackedGrain[]>(new URL("worker.ts", import.meta.url), count, raw);
  try {
    await writeOutput(out, layout.overhead * SECTOR, async (output) => {
      const window = count * WINDOW_PER_THREAD;
      const packed = orderedWindow(runs(ranges, window + 1, options), window, async (run) => ({
        grains: await threads.ask(run),
        room: run.room,
      }));
      const { table, content } = await appendGrains(output, layout, packed);
      await output.append(Buffer.alloc(SECTOR));
      await output.writeAt(0, header(layout));
      await output.writeAt(DESCRIPTOR_SECTOR * SECTOR, descriptor(layout.capacity, content));
      await output.writeAt(layout.directory * SECTOR, tables(layout, table));
    });
  } finally {
    await threads.end();
  }
}

type GrainRange = Pick<GrainRun, "first" | "count">;

/** Grains that are not holes, in ranges no longer than a thread takes at once. */
function grainRanges(ranges: readonly [number, number][]): GrainRange[] {
  return ranges.flatMap(([start, behind]) =>
    Array.from({ length: Math.ceil((behind - start) / GRAINS_AT_ONCE) }, (_, index) => {
      const first = start + index * GRAINS_AT_ONCE;
      return { first, count: Math.min(GRAINS_AT_ONCE, behind - first) };
    }),
  );
}

/** Each range with one of `rooms` rooms in turn: as many as are in flight, and the one that is being written. */
async function* runs(
  ranges: readonly GrainRange[],
  rooms: number,
  { progress, signal }: VmdkOptions,
): AsyncGenerator<GrainRun> {
  const made = Array.from({ length: rooms }, () => new SharedArrayBuffer(PACKED_ROOM));
  const total = ranges.reduce((sum, { count }) => sum + count, 0) * GRAIN;
  let done = 0;
  for (const [index, range] of ranges.entries()) {
    signal.throwIfAborted();
    const room = made[index % rooms];
    if (room !== undefined) yield { ...range, room };
    done += range.count * GRAIN;
    progress.bar(done, total, "bytes");
  }
}

interface Packed {
  grains: readonly PackedGrain[];
  /** Where they lie, one behind the other. */
  room: SharedArrayBuffer;
}

interface Written {
  /** Sector of each grain; 0 for one that is not there. */
  table: Uint32Array;
  /** SHA-256 over the grains' places and theirs. */
  content: Buffer;
}

async function appendGrains(
  output: Output,
  layout: VmdkLayout,
  packed: AsyncIterable<Packed>,
): Promise<Written> {
  const table = new Uint32Array(layout.tables * TABLE_ENTRIES);
  const content = createHash("sha256");
  for await (const { grains, room } of packed) {
    let length = 0;
    for (const { index, size, digest } of grains) {
      content.update(`${index} ${digest}\n`);
      table[index] = sectorNumber(output.offset + length);
      length += size;
    }
    await output.append(new Uint8Array(room, 0, length));
  }
  return { table, content: content.digest() };
}

function header(layout: VmdkLayout): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.writeUInt32LE(MAGIC, FIELD.magic);
  bytes.writeUInt32LE(VERSION, FIELD.version);
  bytes.writeUInt32LE(FLAGS, FIELD.flags);
  bytes.writeBigUInt64LE(BigInt(layout.capacity), FIELD.capacity);
  bytes.writeBigUInt64LE(BigInt(GRAIN_SECTORS), FIELD.grainSize);
  bytes.writeBigUInt64LE(BigInt(DESCRIPTOR_SECTOR), FIELD.descriptorOffset);
  bytes.writeBigUInt64LE(BigInt(DESCRIPTOR_SECTORS), FIELD.descriptorSize);
  bytes.writeUInt32LE(TABLE_ENTRIES, FIELD.tableEntries);
  bytes.writeBigUInt64LE(BigInt(layout.directory), FIELD.directory);
  bytes.writeBigUInt64LE(BigInt(layout.overhead), FIELD.overhead);
  bytes.set(NEWLINES, FIELD.newlines);
  bytes.writeUInt16LE(COMPRESSION_DEFLATE, FIELD.compression);
  return bytes;
}

/** The grain directory, which names the tables' sectors, and the tables behind it. */
function tables(layout: VmdkLayout, table: Uint32Array): Buffer {
  const start = (layout.firstTable - layout.directory) * SECTOR;
  const bytes = Buffer.alloc(start + table.length * 4);
  for (let number = 0; number < layout.tables; number++) {
    bytes.writeUInt32LE(layout.firstTable + number * TABLE_SECTORS, number * 4);
  }
  table.forEach((sector, index) => {
    bytes.writeUInt32LE(sector, start + index * 4);
  });
  return bytes;
}

/** A grain's place as the table holds it: 32 bits of sectors, which is 2 TiB of file. */
function sectorNumber(offset: number): number {
  const sector = offset / SECTOR;
  if (sector <= 0xffffffff) return sector;
  throw new PosternError({
    code: "artifact.vmdk",
    message: "the compressed disk is larger than the 2 TiB a VMDK can address",
    hint: "Make the disk smaller.",
  });
}
