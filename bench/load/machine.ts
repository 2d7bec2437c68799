import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import type { Machine, Taken } from "./results.ts";

/** What the figures were measured on. */
export async function machineFacts(squid: string): Promise<Machine> {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
    memoryMb: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    nofile: hardLimit(await readFile("/proc/self/limits", "utf8")),
    squid,
    node: process.versions.node,
  };
}

/** The hard limit of open files in the text of /proc/PID/limits, proc_pid_limits(5). */
export function hardLimit(limits: string): number {
  return Number(/^Max open files +\S+ +(\d+)/m.exec(limits)?.[1] ?? Number.MAX_SAFE_INTEGER);
}

/** Says when a part began, and how busy the machine was then. */
export function takenNow(): Taken {
  return {
    taken: `${new Date().toISOString().slice(0, 16)}Z`,
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
