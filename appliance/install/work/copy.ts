import { mkdir, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Job, must, type Tell } from "./job.ts";
import { blockBytes, type Entry } from "./list.ts";

/** What fstab and systemd mount over; a tree may lack them. */
export const MOUNT_POINTS = ["boot/efi", "dev", "proc", "run", "sys", "tmp"] as const;

/** Milliseconds between two looks at how far it is. */
const LOOK = 500;
/** Bytes that may wait for the disk: with gigabytes of them the progress would tell of memory, not of the disk. */
const DIRTY = { "/proc/sys/vm/dirty_background_bytes": 16, "/proc/sys/vm/dirty_bytes": 64 } as const;
const MIB = 1024 * 1024;

/**
 * Copies the tree with owners, times, links, capabilities and ACLs. How far it is, is read from the file
 * systems: what they hold more than before.
 */
export async function copyTree(job: Job, entries: readonly Entry[], tell: Tell): Promise<void> {
  const { system, tree, target } = job;
  for (const [path, mib] of Object.entries(DIRTY)) {
    await writeFile(system.paths.at(path), String(mib * MIB)).catch(() => {});
  }
  const total = blockBytes(entries);
  const before = await usedBelow(target);
  const timer = setInterval(async () => {
    const used = await usedBelow(target).catch(() => before);
    tell(Math.min(Math.max(0, used - before), total), total);
  }, LOOK);
  try {
    await must(job, "cp", ["--archive", "--", `${tree}/.`, `${target}/`]);
  } finally {
    clearInterval(timer);
  }
  await must(job, "sync", ["--file-system", target, join(target, "var/log")]);
  for (const path of MOUNT_POINTS) await mkdir(join(target, path), { recursive: true });
  tell(total, total);
}

/** Bytes in use on root and log. */
async function usedBelow(target: string): Promise<number> {
  const systems = await Promise.all([statfs(target), statfs(join(target, "var/log"))]);
  return systems.reduce((sum, { blocks, bfree, bsize }) => sum + (blocks - bfree) * bsize, 0);
}
