import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../../host/faults.ts";
import { holderOfThisProcess } from "../../host/holder.ts";
import { removeTree } from "../../host/remove.ts";
import { writeWhole } from "../../host/write.ts";
import { CACHE_FORMAT, entryName } from "../key.ts";
import type { Stage } from "../stage.ts";
import { ENTRY_FILE, type Entry, inspectEntry, listFiles } from "./entry.ts";
import type { Cache } from "./folder.ts";

export const OWNER_FILE = "owner.json";

/** An entry in the making. */
export interface Making {
  /** What becomes the entry. */
  out: string;
  /** Scratch. */
  work: string;
  /** Makes the entry appear; files and all, or not at all. */
  commit(entry: Pick<Entry, "inputs" | "needs" | "seconds">, signal: AbortSignal): Promise<Entry>;
  /** Removes what is left of the making. */
  discard(): Promise<void>;
  /** Keeps what is left for a person to look at, and says where. */
  keep(): Promise<string>;
}

/** The folder of an entry. */
export function entryFolder(cache: Cache, id: string, key: string): string {
  return join(cache.stages, entryName(id, key));
}

/** Starts an entry in a folder that says whose it is, so that a later build removes it if we die. */
export async function startEntry(cache: Cache, stage: Stage, key: string): Promise<Making> {
  const owner = holderOfThisProcess();
  const name = entryName(stage.id, key);
  const folder = join(cache.tmp, `${name}.${owner.token}`);
  const out = join(folder, "out");
  const work = join(folder, "work");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, OWNER_FILE), JSON.stringify(owner));
  await mkdir(out);
  await mkdir(work);
  return {
    out,
    work,
    async commit(facts, signal) {
      const files = await listFiles(out, signal);
      const missing = stage.outputs.filter((wanted) => !files.some((file) => file.name === wanted));
      if (missing.length > 0) throw new Error(`stage ${stage.id} did not leave ${missing.join(", ")}`);
      const entry: Entry = { format: CACHE_FORMAT, stage: stage.id, key, ...facts, files };
      await writeWhole(join(out, ENTRY_FILE), `${JSON.stringify(entry, null, 1)}\n`, 0o600);
      return placeEntry(cache, out, entry);
    },
    discard: () => removeTree(folder),
    async keep() {
      const kept = join(cache.debug, name);
      await removeTree(kept);
      await rename(folder, kept);
      await rm(join(kept, OWNER_FILE), { force: true });
      return kept;
    },
  };
}

/** Renames a finished entry into place. Another build may have been faster: its entry is as good as ours. */
async function placeEntry(cache: Cache, out: string, entry: Entry): Promise<Entry> {
  const place = entryFolder(cache, entry.stage, entry.key);
  for (;;) {
    try {
      await rename(out, place);
      return entry;
    } catch (error) {
      if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    }
    const there = await inspectEntry(place, entry.key);
    if (there.kind === "whole") return there.entry;
    await setAside(cache, entry.stage, entry.key);
  }
}

/** Moves a damaged entry out of the way; `clean` removes it. */
export async function setAside(cache: Cache, id: string, key: string): Promise<void> {
  const { token } = holderOfThisProcess();
  try {
    await rename(entryFolder(cache, id, key), join(cache.damaged, `${entryName(id, key)}.${token}`));
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}
