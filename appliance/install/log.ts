import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Paths } from "../paths.ts";

/** What was done, when, and what each program said; kept on the installed machine too. */
export type Log = (text: string) => void;

export const INSTALL_LOG = "install.log";

/** Appends to the live system's log; a log that cannot be written stops nothing. */
export function openLog({ live }: Pick<Paths, "live">): Log {
  const path = join(live, INSTALL_LOG);
  return (text) => {
    try {
      mkdirSync(dirname(path), { recursive: true });
      const time = new Date().toISOString();
      const lines = text.trimEnd().split("\n");
      appendFileSync(path, lines.map((line) => `${time} ${line}\n`).join(""), { mode: 0o600 });
    } catch {
      // The memory is full; the installation itself will say so.
    }
  };
}
