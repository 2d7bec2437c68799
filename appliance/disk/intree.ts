import { lstat, readlink } from "node:fs/promises";
import { join } from "node:path";

/** As many links as the kernel follows. */
const MOST_LINKS = 40;

/**
 * The host path of a file of a root tree, links followed as they would be with the tree as `/`: an absolute link
 * starts at the tree again and `..` never leaves it.
 *
 * @returns undefined when there is no such file.
 */
export async function resolveInTree(tree: string, path: string): Promise<string | undefined> {
  const done: string[] = [];
  const ahead = path.split("/");
  let links = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      continue;
    }
    const here = join(tree, ...done, part);
    const stat = await lstat(here).catch(absent);
    if (stat === undefined) return undefined;
    if (!stat.isSymbolicLink()) {
      done.push(part);
      continue;
    }
    if (++links > MOST_LINKS) return undefined;
    const target = await readlink(here);
    if (target.startsWith("/")) done.length = 0;
    ahead.unshift(...target.split("/"));
  }
  return join(tree, ...done);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw error;
}
