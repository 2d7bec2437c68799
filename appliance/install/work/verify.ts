import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../../error.ts";
import { compareTrees, MOST_DIFFERENCES } from "./compare.ts";
import { type Job, must, type Tell } from "./job.ts";
import type { Entry } from "./list.ts";
import { ownFiles } from "./texts.ts";

/**
 * Reads everything back from the disk, mounted anew and read-only, and compares it with the verified tree.
 *
 * @throws PosternError `artifact.install` with what differs.
 */
export async function verifyTree(job: Job, entries: readonly Entry[], tell: Tell): Promise<void> {
  const { tree, target, log } = job;
  const own = ownFiles(job);
  const names = new Set(own.map(({ path }) => path.slice(1)));
  const differences = await compareTrees(entries, { tree, copy: target, own: names, tell });
  for (const { path, text } of own) {
    const read = await readFile(join(target, path), "utf8").catch(() => undefined);
    if (read !== text) differences.push(`${path.slice(1)}: content`);
  }
  const [wanted, got] = [await capabilities(job, tree), await capabilities(job, target)];
  if (wanted !== got) differences.push(`capabilities of programs: ${got || "none"} instead of ${wanted}`);
  log(`compared ${entries.length} entries; ${differences.length} differ`);
  requireSame(differences, job);
}

/** @throws PosternError `artifact.install` */
export function requireSame(differences: readonly string[], { log, disk }: Pick<Job, "log" | "disk">): void {
  if (differences.length === 0) return;
  for (const line of differences) log(`differs: ${line}`);
  const more = differences.length >= MOST_DIFFERENCES ? ", and maybe more" : "";
  throw new PosternError({
    code: "artifact.install",
    message: `What was read back from ${disk.path} is not what was written: ${differences.slice(0, 3).join("; ")}${more}`,
    hint: "The disk, its cable or its controller is faulty. Take another disk.",
  });
}

/** libcap's list of programs with capabilities, by name. */
async function capabilities(job: Job, folder: string): Promise<string> {
  const text = await must(job, "getcap", ["-r", join(folder, "usr")]);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines
    .map((line) => line.slice(folder.length))
    .sort()
    .join("; ");
}
