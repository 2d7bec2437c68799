import { statfs } from "node:fs/promises";
import type { System } from "../system/system.ts";

export interface Disk {
  name: "log" | "system";
  percent: number;
  bytes: number;
}

/** How full both partitions are, the one of the logs first. */
export function readDisks({ paths }: System): Promise<Disk[]> {
  return Promise.all(
    [["log", "/var/log"] as const, ["system", "/"] as const].map(async ([name, path]) => {
      const { blocks, bavail, bsize } = await statfs(paths.at(path)).catch(() => EMPTY);
      const percent = Math.round((1 - bavail / Math.max(1, blocks)) * 100);
      return { name, percent, bytes: blocks * bsize };
    }),
  );
}

const EMPTY = { blocks: 1, bavail: 1, bsize: 0 };
