import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Paths } from "../paths.ts";

/** Only panics are printed at this level (printk(9)). */
const QUIET = "1";

/**
 * Keeps kernel and audit messages off the screen while the console is on it. They still go to the journal.
 *
 * @returns what puts the level back. The level that was found first is kept in /run, so that two consoles and
 *   a killed one put back the right one.
 */
export function quietKernel({ at, run, kernelLog }: Paths): () => void {
  const printk = at("/proc/sys/kernel/printk");
  try {
    const [level = ""] = readFileSync(printk, "utf8").split(/\s/);
    mkdirSync(run, { recursive: true, mode: 0o700 });
    keepFirst(kernelLog, level);
    writeFileSync(printk, QUIET);
  } catch {
    // Without the right to change it (a container) messages do not come here either.
    return () => {};
  }
  return () => {
    try {
      writeFileSync(printk, readFileSync(kernelLog, "utf8"));
    } catch {
      // /run is gone while the machine stops.
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
