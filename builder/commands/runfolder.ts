import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { holderOfThisProcess, isGone } from "../host/holder.ts";
import { removeTree } from "../host/remove.ts";

/** Where commands that build for themselves have their folders, below the cache. */
export const RUN_FOLDERS = ["reproduce", "test"] as const;

/** Makes a folder of this process's own below another. What dead processes left there goes first. */
export async function makeRunFolder(runs: string): Promise<string> {
  await mkdir(runs, { recursive: true, mode: 0o700 });
  for (const name of await readdir(runs)) if (await isGone(name)) await removeTree(join(runs, name));
  const folder = join(runs, holderOfThisProcess().token);
  await mkdir(folder, { mode: 0o700 });
  return folder;
}
