import { readFile, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode } from "./faults.ts";

/** Bytes that the caller may still write where a folder is, or would be. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const above = dirname(folder);
    if (!hasCode(error, "ENOENT") || above === folder) throw error;
    return freeBytes(above);
  }
}

/** Bytes of memory that can be used without swapping (`MemAvailable` of proc_meminfo(5)). */
export async function availableMemory(file = "/proc/meminfo"): Promise<number> {
  const text = await readFile(file, "utf8");
  return Number(/^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}
