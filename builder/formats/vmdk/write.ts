import { createHash } from "node:crypto";
import { constants, deflate } from "node:zlib";
import { roundUp } from "../../../appliance/disk/bytes.ts";
import { PosternError } from "../../error.ts";
import type { FormatOptions } from "../format.ts";
import { writeOutput } from "../output.ts";
import { type DataBlock, dataBlocks, rawSize } from "../raw.ts";
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
  MARKER,
  NEWLINES,
  SECTOR,
  TABLE_ENTRIES,
  TABLE_SECTORS,
  VERSION,
  type VmdkLayout,
  vmdkLayout,
} from "./layout.ts";

export type VmdkOptions = Pick<FormatOptions, "raw" | "out" | "progress" | "signal" | "jobs">;

/** zlib's own default. On a root file system 9 takes 2.5 times as long for half a percent (measured). */
const LEVEL = 6;
/** Grains in flight for each thread: enough that none waits while a piece is written. */
const WINDOW_PER_JOB = 8;
/** Largest deflated grain (zlib's bound for 64 KiB), so that one call to the thread pool does it. */
const DEFLATED = GRAIN + 1024;

/**
 * Writes a streamOptimized VMDK. The same raw disk gives the same bytes, whatever `jobs` is.
 * Deflate runs on Node's thread pool: UV_THREADPOOL_SIZE must be `jobs` where that is above 4.
 *
 * @throws PosternError `artifact.raw` when the raw disk is not whole MiB
 */
export async function writeVmdk(options: VmdkOptions): Promise<void> {
  const { raw, out, progress, signal, jobs } = options;
  const layout = vmdkLayout(await rawSize(raw));
  const table = new Uint32Array(layout.tables * TABLE_ENTRIES);
  const content = createHash("sha256");
  await writeOutput(out, layout.overhead * SECTOR, async (output) => {
    const blocks = dataBlocks({
      raw,
      blockSize: GRAIN,
      signal,
      onRead: (done, total) => progress.bar(done, total, "bytes"),
    });
    for await (const { index, hashed, grain } of orderedWindow(blocks, jobs * WINDOW_PER_JOB, deflateGrain)) {
      for (const piece of hashed) content.update(piece);
      table[index] = sectorNumber(output.offset);
      await output.append(grain);
    }
    await output.append(Buffer.alloc(SECTOR));
    const end = DESCRIPTOR_SECTOR * SECTOR;
    await output.writeAt(0, header(layout));
    await output.writeAt(end, descriptor(layout.capacity, content.digest()));
    await output.writeAt(layout.directory * SECTOR, tables(layout, table));
  });
}

interface DeflatedGrain {
  index: number;
  /** What goes into the content hash: the place and the bytes. */
  hashed: [Buffer, Buffer];
  /** Marker and data, padded to whole sectors. */
  grain: Buffer;
}

async function deflateGrain({ index, bytes }: DataBlock): Promise<DeflatedGrain> {
  const deflated = await deflateOnPool(bytes);
  const grain = Buffer.alloc(roundUp(MARKER + deflated.length, SECTOR));
  grain.writeBigUInt64LE(BigInt(index * GRAIN_SECTORS), 0);
  grain.writeUInt32LE(deflated.length, 8);
  deflated.copy(grain, MARKER);
  return { index, hashed: [grain.subarray(0, 8), bytes], grain };
}

function deflateOnPool(bytes: Buffer): Promise<Buffer> {
  const settings = { level: LEVEL, memLevel: 8, windowBits: 15, strategy: constants.Z_DEFAULT_STRATEGY };
  return new Promise((resolve, reject) => {
    deflate(bytes, { ...settings, chunkSize: DEFLATED }, (error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });
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
