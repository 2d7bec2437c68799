import { open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { holderOfThisProcess, isGone } from "./holder.ts";

const PREFIX = ".postern-";
const SUFFIX = ".part";

/** A name beside a file for the time that it is not whole; it tells whose it is. */
export function partPath(path: string): string {
  return join(dirname(path), `${PREFIX}${holderOfThisProcess().token}${SUFFIX}`);
}

/** Removes the half-written files that dead processes left in a folder. */
export async function removeParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) continue;
    if (await isGone(name.slice(PREFIX.length, -SUFFIX.length)))
      await rm(join(folder, name), { force: true });
  }
}

/**
 * Writes a file so that it is there whole or not at all, also over a power cut: a new file beside it is
 * written, synced and renamed.
 */
export async function writeWhole(path: string, bytes: string | Uint8Array, mode = 0o644): Promise<void> {
  const next = partPath(path);
  try {
    const file = await open(next, "w", mode);
    try {
      await file.writeFile(bytes);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes the names in a folder last. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
