import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { hasCode } from "../host/faults.ts";
import { isGone } from "../host/holder.ts";
import { removeTree } from "../host/remove.ts";
import { bytesText, tableText } from "../host/text.ts";
import type { Cache } from "../pipeline/cache/folder.ts";
import { entriesInUse, readLastBuild } from "../pipeline/cache/last-build.ts";
import { OWNER_FILE } from "../pipeline/cache/store.ts";
import { isDead, namesIn } from "../pipeline/cache/sweep.ts";
import type { Call, Command, World } from "./command.ts";
import { hasFlag } from "./flags.ts";
import { CACHE_FLAG, cacheOfCall } from "./options.ts";
import { RUN_FOLDERS } from "./runfolder.ts";

/** Frees what the cache holds and the last build did not use. Removes nothing without a yes. */
export const cleanCommand: Command = {
  flags: [
    CACHE_FLAG,
    { name: "--all", kind: "switch" },
    { name: "--yes", kind: "switch" },
    { name: "--dry-run", kind: "switch" },
  ],
  run: clean,
};

/** Something in the cache. */
export interface CacheItem {
  path: string;
  name: string;
  /** Bytes on the disk. */
  size: number;
  /** Why it stays; absent when it goes. */
  keep?: string;
}

async function clean(call: Call): Promise<number> {
  const { flags, world, signal } = call;
  const cache = cacheOfCall(call);
  const items = await cacheItems(cache, hasFlag(flags, "--all"));
  world.stdout.write(cleanText(cache.root, items));
  const going = items.filter(({ keep }) => keep === undefined);
  if (going.length === 0 || hasFlag(flags, "--dry-run")) return 0;
  if (!hasFlag(flags, "--yes") && !(await saysYes(world, signal))) {
    world.stdout.write("nothing was removed; --yes removes without asking\n");
    return 0;
  }
  for (const { path } of going) {
    signal.throwIfAborted();
    await removeTree(path);
  }
  world.stdout.write(`freed ${bytesText(total(going))}\n`);
  return 0;
}

/** What is in the cache, and what of it stays. Folders that nobody may take away (locks) are left out. */
export async function cacheItems(cache: Cache, all: boolean): Promise<CacheItem[]> {
  const last = new Set(all ? [] : (await readLastBuild(cache)).entries);
  const used = await entriesInUse(cache);
  const items: CacheItem[] = [];
  const add = async (folder: string, why: (path: string, name: string) => Promise<string | undefined>) => {
    for (const name of await namesIn(folder)) {
      const path = join(folder, name);
      const keep = await why(path, name);
      items.push({ path, name, size: await diskBytes(path), ...(keep === undefined ? {} : { keep }) });
    }
  };
  await add(cache.stages, async (_, name) => {
    if (used.has(name)) return "a build uses it now";
    return last.has(name) ? "the last build used it" : undefined;
  });
  await add(cache.tmp, async (path) =>
    (await isDead(join(path, OWNER_FILE))) ? undefined : "a build makes it now",
  );
  for (const folder of [cache.damaged, cache.debug]) await add(folder, async () => undefined);
  for (const runs of RUN_FOLDERS) {
    await add(join(cache.root, runs), async (_, name) =>
      (await isGone(name)) ? undefined : `./postern ${runs} runs now`,
    );
  }
  await add(cache.publish, async () => (all ? undefined : "an upload goes on from it"));
  await add(cache.facts, async () => (all ? undefined : "answers of the archive"));
  return items;
}

/** Bytes that a file or a folder takes on the disk; holes take none. */
async function diskBytes(path: string): Promise<number> {
  try {
    const found = await lstat(path);
    const own = found.blocks * 512;
    if (!found.isDirectory()) return own;
    const inner = await Promise.all((await readdir(path)).map((name) => diskBytes(join(path, name))));
    return inner.reduce((sum, size) => sum + size, own);
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES")) return 0;
    throw error;
  }
}

function cleanText(root: string, items: readonly CacheItem[]): string {
  const going = items.filter(({ keep }) => keep === undefined);
  const staying = items.filter(({ keep }) => keep !== undefined);
  const goes = tableText(
    going.map(({ name, size }) => [name, bytesText(size)]),
    "  ",
  );
  const stays = tableText(
    staying.map(({ name, size, keep }) => [name, bytesText(size), keep ?? ""]),
    "  ",
  );
  return [
    `${root}\n`,
    `can be freed: ${bytesText(total(going))}\n${goes}`,
    `stays: ${bytesText(total(staying))}\n${stays}`,
  ].join("");
}

function total(items: readonly CacheItem[]): number {
  return items.reduce((sum, { size }) => sum + size, 0);
}

async function saysYes({ canAsk }: World, signal: AbortSignal): Promise<boolean> {
  if (!canAsk) return false;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await ask.question("remove these? [y/N] ", { signal })).trim());
  } finally {
    ask.close();
  }
}
