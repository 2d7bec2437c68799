import type { System } from "../system/system.ts";

/** `silent`: chrony does not answer. */
export type Clock = { state: "ok"; milliseconds: number } | { state: "waiting" } | { state: "silent" };

/** chronyc tries for some seconds when nobody answers; the screen does not wait for that. */
const TIMEOUT = 2000;

export async function readClock(system: System): Promise<Clock> {
  const ran = await system.run("chronyc", ["-c", "tracking"], { timeout: TIMEOUT }).catch(() => undefined);
  return ran?.code === 0 ? clockOf(ran.stdout) : { state: "silent" };
}

/** chronyc(1), -c: the fifth field is the offset in seconds, the last one the leap status. */
export function clockOf(line: string): Clock {
  const fields = line.trim().split(",");
  const seconds = Number(fields[4]);
  if (fields.length < 14 || !Number.isFinite(seconds)) return { state: "silent" };
  if (fields.at(-1) === "Not synchronised") return { state: "waiting" };
  return { state: "ok", milliseconds: Math.abs(seconds * 1000) };
}
