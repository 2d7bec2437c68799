import { lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";

/** A file, folder, link or device of a tree. */
export interface Entry {
  /** Relative to the tree; empty for the tree itself. */
  path: string;
  stats: Stats;
}

/** The keyboard gets its turn after so many entries. */
const TURN = 500;

/** Everything in a tree, folders before what is in them. */
export async function listTree(tree: string): Promise<Entry[]> {
  const entries: Entry[] = [{ path: "", stats: lstatSync(tree) }];
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    if (entry?.stats.isDirectory() !== true) continue;
    for (const name of readdirSync(join(tree, entry.path)).sort()) {
      const path = join(entry.path, name);
      entries.push({ path, stats: lstatSync(join(tree, path)) });
      if (entries.length % TURN === 0) await turn();
    }
  }
  return entries;
}

/** Bytes of all files; of hard links only the first counts. */
export function fileBytes(entries: readonly Entry[]): number {
  return sizes(entries).reduce((sum, size) => sum + size, 0);
}

/** What the files take on a file system with blocks of 4 KiB. */
export function blockBytes(entries: readonly Entry[]): number {
  return sizes(entries).reduce((sum, size) => sum + Math.ceil(size / 4096) * 4096, 0);
}

function sizes(entries: readonly Entry[]): number[] {
  const seen = new Set<number>();
  return entries.flatMap(({ stats }) => {
    if (!stats.isFile()) return [];
    if (stats.nlink > 1 && seen.has(stats.ino)) return [];
    seen.add(stats.ino);
    return [stats.size];
  });
}
