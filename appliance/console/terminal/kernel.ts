import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "../../paths.ts";

/** Only panics are printed at this level (printk(9)). */
const QUIET = "1";

/**
 * Keeps kernel and audit messages off the screens while a console is on one. They still go to the journal.
 *
 * The level that was found first is kept in /run, and a file there for each console that is at work: the last
 * one to go puts the level back. For a killed one its unit does the same (`/usr/lib/postern/loud-kernel`).
 *
 * @param line `tty1`, `ttyS0`
 * @returns what ends it.
 */
export function quietKernel({ at, quiet, kernelLog }: Paths, line: string): () => void {
  const printk = at("/proc/sys/kernel/printk");
  const own = join(quiet, line);
  try {
    const [level = ""] = readFileSync(printk, "utf8").split(/\s/);
    mkdirSync(quiet, { recursive: true, mode: 0o700 });
    keepFirst(kernelLog, level);
    writeFileSync(own, "", { mode: 0o600 });
    writeFileSync(printk, QUIET);
  } catch {
    // Without the right to change it (a container) messages do not come here either.
    return () => {};
  }
  return () => {
    try {
      rmSync(own, { force: true });
      // Fails as long as another console has its file in it.
      rmdirSync(quiet);
      writeFileSync(printk, readFileSync(kernelLog, "utf8"));
    } catch {
      // Another console is at work, or /run is gone while the machine stops.
    }
  };
}

function keepFirst(path: string, level: string): void {
  try {
    writeFileSync(path, level, { flag: "wx", mode: 0o600 });
  } catch {
    // Another console was first.
  }
}
