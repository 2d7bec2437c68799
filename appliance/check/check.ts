import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";

/** One look at the machine. `warn` is worth knowing; `fail` keeps it from its work. */
export interface CheckResult {
  id: string;
  title: string;
  state: "ok" | "warn" | "fail";
  /** What was seen, in words. */
  detail: string;
  /** What to do about it; only where it is not ok. */
  next?: string;
}

export interface CheckContext {
  system: System;
  /** Undefined while the machine is not configured. */
  settings: Settings | undefined;
  /** Milliseconds a condition may take to come true: none for a look, some after a change. */
  patience: number;
}

export type Check = (context: CheckContext) => Promise<CheckResult>;

/** A result without the field `next` where all is well. */
export function result(
  id: string,
  title: string,
  state: CheckResult["state"],
  detail: string,
  next?: string,
): CheckResult {
  return { id, title, state, detail, ...(next === undefined || state === "ok" ? {} : { next }) };
}
