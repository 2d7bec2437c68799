import { closeSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { Tell } from "./job.ts";
import type { Entry } from "./list.ts";

/** What differs, in words; more than these say nothing new. */
export const MOST_DIFFERENCES = 20;

const CHUNK = 1024 * 1024;
/** The keyboard gets its turn after so many bytes or files. */
const TURN_BYTES = 8 * CHUNK;
const TURN_FILES = 200;

/**
 * Compares every entry of a tree with its copy, byte by byte, with owner, mode and time.
 *
 * @param entries of the tree.
 * @param own paths of files that are the machine's own and differ rightly.
 * @returns what differs: `usr/bin/x: content`. Empty: nothing.
 */
export async function compareTrees(
  entries: readonly Entry[],
  { tree, copy, own, tell }: { tree: string; copy: string; own: ReadonlySet<string>; tell: Tell },
): Promise<string[]> {
  const buffers = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)] as const;
  const total = entries.reduce((sum, { stats }) => sum + (stats.isFile() ? stats.size : 0), 0);
  const differences: string[] = [];
  let done = 0;
  let told = 0;
  for (const [index, { path, stats }] of entries.entries()) {
    if (!own.has(path)) {
      const problem =
        shapeProblem(path, stats, { tree, copy }) ??
        (stats.isFile()
          ? contentProblem(join(tree, path), join(copy, path), stats.size, buffers)
          : undefined);
      if (problem !== undefined) differences.push(`${path}: ${problem}`);
      if (differences.length >= MOST_DIFFERENCES) return differences;
    }
    if (stats.isFile()) done += stats.size;
    if (done - told >= TURN_BYTES || index % TURN_FILES === 0) {
      told = done;
      tell(done, total);
      await turn();
    }
  }
  tell(total, total);
  return differences;
}

function shapeProblem(
  path: string,
  stats: Stats,
  { tree, copy }: { tree: string; copy: string },
): string | undefined {
  const other = lstatSync(join(copy, path), { throwIfNoEntry: false });
  if (other === undefined) return "missing";
  if (other.mode !== stats.mode) return `mode ${other.mode.toString(8)} instead of ${stats.mode.toString(8)}`;
  if (other.uid !== stats.uid || other.gid !== stats.gid) return `owner ${other.uid}:${other.gid}`;
  if (stats.isSymbolicLink()) {
    return readlinkSync(join(tree, path)) === readlinkSync(join(copy, path)) ? undefined : "another target";
  }
  if (stats.isCharacterDevice() || stats.isBlockDevice()) {
    return other.rdev === stats.rdev ? undefined : "another device";
  }
  // Folders change when files of the machine's own are laid in them.
  if (!stats.isFile()) return undefined;
  if (other.size !== stats.size) return `${other.size} bytes instead of ${stats.size}`;
  if (other.nlink !== stats.nlink) return `${other.nlink} names instead of ${stats.nlink}`;
  return Math.floor(other.mtimeMs / 1000) === Math.floor(stats.mtimeMs / 1000) ? undefined : "another time";
}

function contentProblem(
  one: string,
  other: string,
  size: number,
  [first, second]: readonly [Buffer, Buffer],
): string | undefined {
  const files = [openSync(one, "r")];
  try {
    files.push(openSync(other, "r"));
    for (let at = 0; at < size; ) {
      const read = readSync(files[0] ?? -1, first, 0, CHUNK, at);
      if (read === 0) return "the original ends early";
      let got = 0;
      while (got < read) {
        const more = readSync(files[1] ?? -1, second, got, read - got, at + got);
        if (more === 0) return "content ends early";
        got += more;
      }
      if (first.compare(second, 0, read, 0, read) !== 0) return "content";
      at += read;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    for (const file of files) closeSync(file);
  }
}
