import { open } from "node:fs/promises";
import { isZero, readExactly } from "../../appliance/disk/bytes.ts";
import { PosternError } from "../error.ts";
import { run } from "../host/run.ts";
import { RAW_UNIT } from "./format.ts";

/** A part of a file, in bytes. */
export interface Range {
  start: number;
  length: number;
}

/** A block of the raw disk that is not all zero. */
export interface DataBlock {
  /** Its number: offset divided by the block size. */
  index: number;
  bytes: Buffer;
}

/** One read brings several small blocks. */
const READ_SIZE = 1024 * 1024;

/** Size of a raw disk in bytes. @throws PosternError `artifact.raw` when it is not whole MiB. */
export async function rawSize(raw: string): Promise<number> {
  const file = await open(raw);
  const { size } = await file.stat().finally(() => file.close());
  if (size > 0 && size % RAW_UNIT === 0) return size;
  throw new PosternError({
    code: "artifact.raw",
    message: `${raw} has ${size} bytes, which is not a whole number of MiB`,
    hint: "Build the disk again.",
  });
}

/** The parts of a sparse file that are not holes. qemu-img asks the file system (SEEK_DATA); Node cannot. */
export async function dataRanges(raw: string, signal?: AbortSignal): Promise<Range[]> {
  const { stdout } = await run("qemu-img", ["map", "--output=json", "-f", "raw", raw], {
    ...(signal === undefined ? {} : { signal }),
  });
  const entries: unknown = JSON.parse(stdout);
  if (!Array.isArray(entries) || !entries.every(isMapEntry)) {
    throw new PosternError({
      code: "host.command",
      message: `qemu-img map said something else than ranges about ${raw}`,
      hint: "./postern doctor checks the version of qemu-img.",
    });
  }
  return entries.filter(({ data }) => data).map(({ start, length }) => ({ start, length }));
}

/** Blocks that touch the ranges, as runs of block numbers [first, behind the last), merged and ascending. */
export function blockRuns(ranges: readonly Range[], blockSize: number): [number, number][] {
  const runs: [number, number][] = [];
  for (const { start, length } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (length === 0) continue;
    const first = Math.floor(start / blockSize);
    const behind = Math.ceil((start + length) / blockSize);
    const last = runs.at(-1);
    if (last !== undefined && first <= last[1]) last[1] = Math.max(last[1], behind);
    else runs.push([first, behind]);
  }
  return runs;
}

export interface BlocksOptions {
  raw: string;
  /** Divides 1 MiB, or is a multiple of it. */
  blockSize: number;
  signal: AbortSignal;
  /** Told after each read: bytes done of all bytes that are not holes. */
  onRead?: (done: number, total: number) => void;
}

/** Every block of a raw disk that is not all zero, ascending. Holes are not read. */
export async function* dataBlocks(options: BlocksOptions): AsyncGenerator<DataBlock> {
  const { raw, blockSize, signal } = options;
  const runs = blockRuns(await dataRanges(raw, signal), blockSize);
  const total = runs.reduce((sum, [first, behind]) => sum + (behind - first) * blockSize, 0);
  const perRead = Math.max(1, Math.floor(READ_SIZE / blockSize));
  const file = await open(raw);
  let done = 0;
  try {
    for (const [first, behind] of runs) {
      for (let index = first; index < behind; index += perRead) {
        signal.throwIfAborted();
        const count = Math.min(perRead, behind - index);
        const bytes = await readExactly(file, index * blockSize, count * blockSize);
        for (let at = 0; at < count; at++) {
          const block = bytes.subarray(at * blockSize, (at + 1) * blockSize);
          if (!isZero(block)) yield { index: index + at, bytes: block };
        }
        done += bytes.length;
        options.onRead?.(done, total);
      }
    }
  } finally {
    await file.close();
  }
}

function isMapEntry(entry: unknown): entry is Range & { data: boolean } {
  return (
    typeof entry === "object" &&
    entry !== null &&
    "start" in entry &&
    typeof entry.start === "number" &&
    "length" in entry &&
    typeof entry.length === "number" &&
    "data" in entry &&
    typeof entry.data === "boolean"
  );
}
