import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { hasCode } from "./faults.ts";
import { asRoot } from "./privilege.ts";
import { run } from "./run.ts";

/**
 * Removes a folder with all that is in it. mmdebstrap's scratch files belong to sub-ids of the caller where
 * he is not root; those only go from inside a user namespace.
 *
 * A killed mmdebstrap leaves its mounts of /dev and /sys in its tree. They are taken off first: to remove
 * what is in them would be to remove the host's own.
 */
export async function removeTree(path: string): Promise<void> {
  for (const mount of mountsBelow(await readFile("/proc/self/mountinfo", "utf8"), resolve(path))) {
    await run("umount", ["--lazy", "--no-canonicalize", "--", mount]);
  }
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 2 });
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM", "ENOTEMPTY")) throw error;
    await asRoot("rm", ["-rf", "--one-file-system", "--", path]);
  }
}

/** The mount points at or below a folder, innermost first (proc_pid_mountinfo(5): field 5, octal escapes). */
export function mountsBelow(mountinfo: string, folder: string): string[] {
  return mountinfo
    .split("\n")
    .map((line) => (line.split(" ")[4] ?? "").replace(/\\([0-7]{3})/g, (_, code) => octal(code)))
    .filter((point) => point === folder || point.startsWith(join(folder, "/")))
    .reverse();
}

function octal(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 8));
}
