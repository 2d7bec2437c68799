import { readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode } from "../../host/faults.ts";
import { lifeOf, parseHolder } from "../../host/holder.ts";
import { removeTree } from "../../host/remove.ts";
import type { Cache } from "./folder.ts";
import { OWNER_FILE } from "./store.ts";

/** Naming an owner takes milliseconds; a minute is beyond doubt. */
const YOUNG_MS = 60_000;

/**
 * Removes what dead builds left: scratch folders, half-made locks, and their marks of running.
 *
 * @returns how many scratch folders went.
 */
export async function sweep(cache: Cache): Promise<number> {
  let swept = 0;
  for (const name of await namesIn(cache.tmp)) {
    const folder = join(cache.tmp, name);
    if (!(await isDead(join(folder, OWNER_FILE)))) continue;
    await removeTree(folder);
    swept += 1;
  }
  for (const folder of [cache.locks, cache.running]) {
    for (const name of await namesIn(folder)) {
      // A lock itself stays: taking it over is the business of who wants it.
      if (folder === cache.locks && !name.includes(".new-")) continue;
      if (await isDead(join(folder, name))) await rm(join(folder, name), { force: true });
    }
  }
  return swept;
}

/**
 * Whether the holder that a file names is dead. A file without a holder is just being written, or was when
 * its writer died: age tells.
 */
export async function isDead(file: string): Promise<boolean> {
  const holder = parseHolder(await readFile(file, "utf8").catch(() => ""));
  if (holder !== undefined) return (await lifeOf(holder)) === "dead";
  const made = await stat(file).catch(() => stat(dirname(file)).catch(() => undefined));
  // Gone meanwhile: another build has ended or swept it, and nothing is left to do.
  return made !== undefined && Date.now() - made.mtimeMs > YOUNG_MS;
}

export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
