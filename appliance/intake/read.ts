import { constants } from "node:fs";
import { type FileHandle, open, opendir } from "node:fs/promises";
import { join } from "node:path";

/** A folder with more entries than this is not one that somebody made for us. */
const MOST_ENTRIES = 1000;

/**
 * The bytes of a file that a stranger made: a link is not followed, a pipe not waited for, and no more is read
 * than allowed.
 *
 * @returns undefined where there is no such file, or it is none.
 * @throws Error when it is larger than `most` bytes.
 */
export async function readStrange(path: string, most: number): Promise<Buffer | undefined> {
  const file = await openStrange(path);
  if (file === undefined) return undefined;
  try {
    const about = await file.stat();
    if (!about.isFile()) return undefined;
    if (about.size > most) throw new Error(`${path} has ${about.size} bytes; at most ${most} are read`);
    const bytes = Buffer.alloc(Number(about.size));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The names in a folder, sorted; an upper bound of them. */
export async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) {
    names.push(name);
    if (names.length >= MOST_ENTRIES) break;
  }
  return names.sort();
}

/** The path of a file whose name may be in capitals, as on old CDs; undefined where there is none. */
export async function pathOf(folder: string, wanted: readonly string[]): Promise<string | undefined> {
  const names = await namesIn(folder);
  for (const one of wanted) {
    const name = names.find((other) => other.toLowerCase() === one);
    if (name !== undefined) return join(folder, name);
  }
  return undefined;
}

async function openStrange(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      ["ENOENT", "ELOOP", "ENXIO"].includes(String(error.code))
    )
      return undefined;
    throw error;
  }
}
