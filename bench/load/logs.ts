import { readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../../builder/host/faults.ts";
import type { Lab } from "../../tests/kit/lab/lab.ts";

/** The access logs of one Squid of the lab, those that were rotated away among them. */
export interface AccessLogs {
  /** Keeps the last rotated file from the next rotation, which would take its place. */
  keep(): Promise<void>;
  /** Lines about tunnels that were given, in all files. */
  tunnels(): Promise<number>;
}

const NAME = "access.log";

export function accessLogs({ dir }: Lab, squid: string): AccessLogs {
  const folder = join(dir, squid, "root/var/log/squid");
  let kept = 0;
  return {
    async keep() {
      try {
        await rename(join(folder, `${NAME}.1`), join(folder, `${NAME}.kept-${kept}`));
        kept += 1;
      } catch (error) {
        if (!hasCode(error, "ENOENT")) throw error;
      }
    },
    async tunnels() {
      let count = 0;
      for (const name of (await readdir(folder)).filter((one) => one.startsWith(NAME)))
        count += tunnelLines(await readFile(join(folder, name), "utf8"));
      return count;
    },
  };
}

/** Whole lines of our log format about a CONNECT that was answered with 200. */
export function tunnelLines(text: string): number {
  return text.split("\n").filter((line) => isTunnel(line)).length;
}

function isTunnel(line: string): boolean {
  if (!line.startsWith("{")) return false;
  try {
    const { method, status }: { method?: unknown; status?: unknown } = JSON.parse(line);
    return method === "CONNECT" && status === 200;
  } catch {
    // Half a line is a lost line.
    return false;
  }
}
