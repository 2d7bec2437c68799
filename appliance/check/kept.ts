import { privateFolder, readIfThere, writeAtomic } from "../system/files.ts";
import type { System } from "../system/system.ts";

/** Reads what was kept in /run; undefined where it is not there or is not JSON. */
export async function readKept(path: string): Promise<unknown> {
  try {
    return JSON.parse((await readIfThere(path)) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps something until the next boot. What cannot be kept is found out again. */
export async function keep({ paths }: System, path: string, value: unknown): Promise<void> {
  try {
    await privateFolder(paths.run);
    await writeAtomic(path, `${JSON.stringify(value)}\n`, { mode: 0o600, uid: 0, gid: 0 });
  } catch {
    // Another console writes it in this moment, or /run is full.
  }
}
