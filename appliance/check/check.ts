import { PROXY_PORT } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";

/**
 * One look at the machine. `warn` is worth knowing; `fail` keeps it from its work; `skip` was not looked at,
 * because what stands before it failed and explains it.
 */
export interface CheckResult {
  id: string;
  title: string;
  state: "ok" | "warn" | "fail" | "skip";
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
  /** Only tests have another one. */
  world?: Partial<World>;
}

/** What is around the machine: where its services listen, and whom a certificate may come from. */
export interface World {
  proxyPort: number;
  /** The machine's own resolver, which asks the DNS servers. */
  resolver: string;
  dnsPort: number;
  /** PEM certificates of the authorities that count as public; undefined: the list that Node brings. */
  ca: readonly string[] | undefined;
  /** Milliseconds that one way to the cloud may take. */
  timeout: number;
}

const REAL_WORLD: World = {
  proxyPort: PROXY_PORT,
  resolver: "127.0.0.53",
  dnsPort: 53,
  ca: undefined,
  // Longer than Squid waits for one address (connect_timeout).
  timeout: 12_000,
};

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

export function worldOf({ world }: CheckContext): World {
  return { ...REAL_WORLD, ...world };
}
