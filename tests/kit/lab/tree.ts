import { mkdir, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { hasCode } from "../../../builder/host/faults.ts";
import { run } from "../../../builder/host/run.ts";
import { cacheFolder } from "../../../builder/pipeline/cache/folder.ts";

/** What Squid needs nothing of; leaving it out makes unpacking a matter of a second. */
const LEFT_OUT = [
  "./boot",
  "./dev/*",
  "./usr/lib/modules",
  "./usr/lib/firmware",
  "./usr/lib/postern",
  "./usr/lib/python3*",
  "./usr/lib/grub",
  "./usr/share/perl",
  "./var/lib/dpkg",
];

/**
 * The root file system of a base whose Squid is to run: the folder or tar that `POSTERN_TREE` names, else the
 * newest sealed tree of the build cache. A tar is unpacked into `folder`, inside the lab.
 *
 * @returns undefined where there is none: then the host's own Squid has to do.
 */
export async function labTree(folder: string): Promise<string | undefined> {
  const source = await treeSource();
  if (source === undefined) return undefined;
  if ((await stat(source)).isDirectory()) return source;
  const root = join(folder, "tree");
  await mkdir(root);
  const excludes = LEFT_OUT.map((path) => `--exclude=${path}`);
  await run("tar", ["-xpf", source, "-C", root, "--numeric-owner", ...excludes]);
  return root;
}

/** The tar or folder that `labTree` takes, where there is one. */
export async function treeSource(): Promise<string | undefined> {
  const named = process.env.POSTERN_TREE;
  return named === undefined || named === "" ? await newestSealedTree() : resolve(named);
}

/** The tar of the newest `seal` entry of the cache, whose stage makes it under this name. */
async function newestSealedTree(): Promise<string | undefined> {
  const { stages } = cacheFolder({ cwd: process.cwd(), env: process.env });
  const names = await readdir(stages).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  });
  const found: { path: string; made: number }[] = [];
  for (const name of names.filter((one) => one.startsWith("seal-"))) {
    const path = join(stages, name, "root.tar");
    const file = await stat(path).catch(() => undefined);
    if (file !== undefined) found.push({ path, made: file.mtimeMs });
  }
  return found.toSorted((a, b) => b.made - a.made)[0]?.path;
}
