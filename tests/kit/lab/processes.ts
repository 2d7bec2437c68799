import { readdir, readlink, realpath } from "node:fs/promises";

/** Processes whose root is `root`, as numbers of this process namespace, in ascending order. */
export async function processesIn(root: string): Promise<number[]> {
  const wanted = await realpath(root);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    // What has just ended, or is a zombie, has no root.
    const own = await readlink(`/proc/${pid}/root`).catch(() => undefined);
    if (own === wanted) found.push(pid);
  }
  return found.toSorted((a, b) => a - b);
}

/** Sends a signal; a process that is gone needs none. */
export function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
