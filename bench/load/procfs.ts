import { readFile, stat } from "node:fs/promises";

/** Of Linux's clock as user space sees it (USER_HZ), the same on every architecture Debian has. */
const TICKS_A_SECOND = 100;

/** What a set of processes has used and holds. */
export interface Usage {
  /** User and system time together. */
  cpuSeconds: number;
  /** Proportional share of memory: pages that several of them hold count once. */
  pssKb: number;
  descriptors: number;
}

/** Sums over the processes that are there; one that has ended counts for nothing. */
export async function usageOf(pids: readonly number[]): Promise<Usage> {
  const sum: Usage = { cpuSeconds: 0, pssKb: 0, descriptors: 0 };
  for (const pid of pids) {
    sum.cpuSeconds += cpuSecondsIn(await text(`/proc/${pid}/stat`));
    sum.pssKb += pssIn(await text(`/proc/${pid}/smaps_rollup`));
    // Since Linux 6.2 the size of this folder is the number of open files.
    sum.descriptors += await stat(`/proc/${pid}/fd`).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return sum;
}

/** CPU seconds alone: reading the memory of a large process takes its time. */
export async function cpuOf(pids: readonly number[]): Promise<number> {
  let sum = 0;
  for (const pid of pids) sum += cpuSecondsIn(await text(`/proc/${pid}/stat`));
  return sum;
}

/** utime and stime of /proc/PID/stat, proc_pid_stat(5); the name before them may hold spaces and brackets. */
export function cpuSecondsIn(statText: string): number {
  const fields = statText.slice(statText.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks / TICKS_A_SECOND : 0;
}

export function pssIn(rollup: string): number {
  return Number(/^Pss: +(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
}

/** Kilobytes of one field of /proc/meminfo. */
export function memoryField(meminfo: string, field: string): number {
  return Number(new RegExp(`^${field}: +(\\d+) kB$`, "m").exec(meminfo)?.[1] ?? 0);
}

function text(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
