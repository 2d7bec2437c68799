import { chmod, chown, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";

export interface Ownership {
  mode: number;
  uid: number;
  gid: number;
}

/**
 * Writes a file whole or not at all: beside its place, flushed, with its mode and owner, then renamed over it.
 * Readers see the old text or the new one, also after a power cut.
 */
export async function writeAtomic(
  path: string,
  content: string,
  { mode, uid, gid }: Ownership,
): Promise<void> {
  const beside = `${path}.postern-new`;
  await mkdir(dirname(path), { recursive: true });
  await rm(beside, { force: true });
  // Closed to others from the first byte; wx does not follow a link that somebody laid there.
  const file = await open(beside, "wx", 0o600);
  try {
    await file.writeFile(content);
    if (process.getuid?.() === 0) await file.chown(uid, gid);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  await syncFolder(dirname(path));
}

/** Removes a file if it is there; the removal outlives a power cut. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path)).catch(ignoreMissing);
}

/** The text of a file, or undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    return ignoreMissing(error);
  }
}

/** Mode (12 bits) and owner of a file, or undefined where there is none. */
export async function ownershipOf(path: string): Promise<Ownership | undefined> {
  try {
    const { mode, uid, gid } = await stat(path);
    return { mode: mode & 0o7777, uid, gid };
  } catch (error) {
    return ignoreMissing(error);
  }
}

/** A folder of our own that nobody else may look into. */
export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  if (process.getuid?.() === 0) await chown(path, 0, 0);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
