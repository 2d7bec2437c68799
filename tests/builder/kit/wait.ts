import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 20;
const LONGEST_MS = 30_000;

/** Waits until a condition holds, and gives what it gave. @throws Error when it never does. */
export async function until<T>(what: string, condition: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + LONGEST_MS;
  while (performance.now() < end) {
    const found = await condition();
    if (found !== undefined) return found;
    await sleep(POLL_MS);
  }
  throw new Error(`not seen in ${LONGEST_MS} ms: ${what}`);
}

/** The text of a file as soon as it is there. */
export function fileText(path: string): Promise<string> {
  return until(path, () => readFile(path, "utf8").catch(() => undefined));
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function untilGone(pid: number): Promise<true> {
  return until(`process ${pid} ends`, async () => (isRunning(pid) ? undefined : true));
}
