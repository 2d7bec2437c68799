import { hostname } from "node:os";
import { type PosternWish, posternConfig } from "../../tests/kit/lab/postern.ts";
import { scriptConfig } from "../../tests/kit/lab/script.ts";
import type { LabConfig } from "../../tests/kit/lab/squid.ts";

export const VARIANTS = ["script", "script-unresolved", "postern"] as const;
export type VariantId = (typeof VARIANTS)[number];

export const TITLES: Readonly<Record<VariantId, string>> = {
  script: "public script",
  "script-unresolved": "public script, host name unknown",
  postern: "Postern",
};

/** Virtual CPUs that our settings are rendered for: those of the smallest appliance that is worth measuring. */
export const VCPUS = 2;

/**
 * The usual file of an installed Debian or Ubuntu: the machine's own name is in it. Where it is not, a Squid that
 * was given no visible_hostname looks the name up for each error page, and complains in its log.
 */
const KNOWN = `127.0.0.1 localhost\n127.0.1.1 ${hostname()}\n`;
const UNKNOWN = "127.0.0.1 localhost\n";

let starts = 0;

/** A configuration for one start of Squid. */
export function configOf(
  id: VariantId,
  { nofile, workers }: { nofile: number; workers?: number },
): LabConfig {
  starts += 1;
  const wish: PosternWish = { name: `${id}-${starts}`, vcpus: VCPUS, nofile };
  const config = id === "postern" ? posternConfig(wish) : scriptConfig({ name: `${id}-${starts}`, nofile });
  const files = { ...config.files, "/etc/hosts": id === "script-unresolved" ? UNKNOWN : KNOWN };
  return { ...config, files, ...(workers === undefined ? {} : { workers }) };
}

/** Tunnels that so many workers can hold: two descriptors each, 100 or a quarter kept back (Squid's RESERVED_FD). */
export function capacity(nofile: number, workers: number): number {
  return workers * Math.floor((nofile - Math.min(100, nofile / 4)) / 2);
}
