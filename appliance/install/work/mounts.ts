import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PARTITION } from "../../disk/layout.ts";
import { type Job, must } from "./job.ts";

const LOG = "var/log";

/** Mounts root and log of the new system while something is done there. */
export async function withTarget<T>(job: Job, how: "rw" | "ro", work: () => Promise<T>): Promise<T> {
  const { target, node } = job;
  const options = `${how},nodev,nosuid,noexec`;
  await mkdir(target, { recursive: true, mode: 0o700 });
  await must(job, "mount", ["-t", "ext4", "-o", options, "--", node(PARTITION.root), target]);
  // Unmounting writes out what is left, so that what comes after reads the disk and not the memory.
  const leave = () => must(job, "umount", ["--recursive", "--", target]);
  let result: T;
  try {
    if (how === "rw") await mkdir(join(target, LOG), { recursive: true, mode: 0o755 });
    await must(job, "mount", ["-t", "ext4", "-o", options, "--", node(PARTITION.log), join(target, LOG)]);
    result = await work();
  } catch (error) {
    // The first fault is the one to tell.
    await leave().catch(() => {});
    throw error;
  }
  await leave();
  return result;
}
