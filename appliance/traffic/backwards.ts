import { type FileHandle, open } from "node:fs/promises";

/** A place in a file that may be renamed: which file, and how far in it. */
export interface Place {
  inode: number;
  offset: number;
}

const BLOCK = 1024 * 1024;
const NEWLINE = 10;
/** A line that is longer is dropped, whoever wrote it. */
export const LONGEST_LINE = 64 * 1024;

/** What reading backwards came to. */
export interface ReadBack {
  /** Where the whole lines of the newest file end; undefined where there is none. */
  place: Place | undefined;
  /** Whether `visit` had enough or everything was read; false when the budget ended first. */
  isWhole: boolean;
}

/**
 * Visits the lines of a log from the newest backwards, also in the file that was rotated last.
 *
 * @param budget bytes to read at most.
 * @param visit returns false when it has seen enough.
 */
export async function readBack(
  path: string,
  budget: number,
  visit: (line: string) => boolean,
): Promise<ReadBack> {
  let place: Place | undefined;
  let left = budget;
  for (const name of [path, `${path}.1`]) {
    const file = await openIfThere(name);
    if (file === undefined) continue;
    try {
      const { size, ino } = await file.stat();
      const end = await lastLineEnd(file, size);
      if (name === path) place = { inode: ino, offset: end };
      for await (const lines of linesBackwards(file, end, left))
        for (const line of lines) if (!visit(line)) return { place, isWhole: true };
      left -= end;
      if (left < 0) return { place, isWhole: false };
    } finally {
      await file.close();
    }
  }
  return { place, isWhole: true };
}

/** Runs of whole lines, newest first, from an offset where a line ends. */
async function* linesBackwards(file: FileHandle, end: number, budget: number): AsyncGenerator<string[]> {
  let at = end;
  let left = budget;
  /** The end of a line whose beginning is further ahead in the file. */
  let carried = Buffer.alloc(0);
  while (at > 0 && left > 0) {
    const length = Math.min(BLOCK, at, left);
    const block = Buffer.concat([await readBlock(file, at - length, length), carried]);
    at -= length;
    left -= length;
    const first = at === 0 ? 0 : block.indexOf(NEWLINE) + 1;
    const isCut = at > 0 && first === 0;
    const head = isCut ? block : block.subarray(0, first);
    carried = head.length > LONGEST_LINE ? Buffer.alloc(0) : Buffer.from(head);
    if (isCut) continue;
    const lines = block.subarray(first).toString("utf8").split("\n");
    yield lines.filter((line) => line !== "").toReversed();
  }
}

/** The offset behind the last line feed; a line that is being written does not count yet. */
async function lastLineEnd(file: FileHandle, size: number): Promise<number> {
  const length = Math.min(size, LONGEST_LINE);
  const tail = await readBlock(file, size - length, length);
  const at = tail.lastIndexOf(NEWLINE);
  return at < 0 ? size - length : size - length + at + 1;
}

/** As much as is there of a block. */
export async function readBlock(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Undefined where it cannot be opened: nothing was logged yet, or it is rotated just now. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch {
    return undefined;
  }
}
