import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import { keep, readKept } from "./kept.ts";
import type { ServiceTest, TestServices } from "./parts.ts";

/** How the Defender services answered when they were asked last. */
export interface Reach {
  /** Milliseconds since 1970. */
  time: number;
  services: { id: string; state: "ok" | "fail"; detail: string }[];
}

/** Milliseconds for which an answer holds: shorter where a service failed, as somebody mends it just now. */
const HOLDS = { ok: 300_000, fail: 60_000 };

/** What was found last for these settings; undefined before the first test. Asks nobody. */
export async function readReach({ paths }: System, settings: Settings): Promise<Reach | undefined> {
  const kept = await readKept(paths.serviceTests);
  if (typeof kept !== "object" || kept === null || !("of" in kept && "time" in kept && "services" in kept))
    return undefined;
  const { of, time, services } = kept;
  if (of !== choiceOf(settings) || typeof time !== "number" || !Array.isArray(services)) return undefined;
  return { time, services: services.flatMap((value: unknown) => serviceFrom(value) ?? []) };
}

/** Keeps what a test found, for every screen of this machine. */
export async function keepReach(
  system: System,
  settings: Settings,
  tests: readonly ServiceTest[],
  now = Date.now(),
): Promise<void> {
  const services = tests.map(({ id, state, detail }) => ({ id, state, detail }));
  await keep(system, system.paths.serviceTests, { of: choiceOf(settings), time: now, services });
}

/** Asks the services when the last answer is old. It takes seconds. */
export async function refreshReach(
  system: System,
  settings: Settings,
  testServices: TestServices,
  now = Date.now(),
): Promise<void> {
  const known = await readReach(system, settings);
  if (known !== undefined && Math.abs(now - known.time) < holds(known)) return;
  const tests = await testServices({ system, settings, patience: 0 });
  await keepReach(system, settings, tests, now);
}

function holds({ services }: Reach): number {
  return services.every(({ state }) => state === "ok") ? HOLDS.ok : HOLDS.fail;
}

/** Answers for other services, or by another way out, say nothing about these. */
function choiceOf({ defender, proxy }: Settings): string {
  return JSON.stringify([defender, proxy]);
}

function serviceFrom(value: unknown): Reach["services"][number] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("id" in value && "state" in value && "detail" in value)) return undefined;
  const { id, state, detail } = value;
  if (typeof id !== "string" || typeof detail !== "string") return undefined;
  return state === "ok" || state === "fail" ? { id, state, detail } : undefined;
}
