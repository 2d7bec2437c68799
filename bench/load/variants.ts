import { hostname } from "node:os";
import { workerTunnels } from "../../appliance/proxy/sizing.ts";
import { DESCRIPTORS } from "../../appliance/proxy/squidconf.ts";
import { LAB_SETTINGS, type PosternWish, posternConfig } from "../../tests/kit/lab/postern.ts";
import { scriptConfig } from "../../tests/kit/lab/script.ts";
import type { LabConfig } from "../../tests/kit/lab/squid.ts";

export const VARIANTS = ["script", "script-unresolved", "postern", "postern-sni"] as const;
export type VariantId = (typeof VARIANTS)[number];

export const TITLES: Readonly<Record<VariantId, string>> = {
  script: "public script",
  "script-unresolved": "public script, host name unknown",
  postern: "Postern",
  "postern-sni": "Postern, TLS hello checked",
};

/** What is measured of each; the rest would say nothing new. */
export const MEASURED: Readonly<Record<VariantId, readonly ("churn" | "deny" | "stream")[]>> = {
  script: ["churn", "deny", "stream"],
  "script-unresolved": ["deny"],
  postern: ["churn", "deny", "stream"],
  "postern-sni": ["churn", "stream"],
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
  if (id === "postern-sni") wish.settings = `${LAB_SETTINGS}proxy:\n  sniCheck: true\n`;
  const config = isOurs(id) ? posternConfig(wish) : scriptConfig({ name: `${id}-${starts}`, nofile });
  const files = { ...config.files, "/etc/hosts": id === "script-unresolved" ? UNKNOWN : KNOWN };
  return { ...config, files, ...(workers === undefined ? {} : { workers }) };
}

/** Tunnels that so many workers take. Squid keeps back 100 descriptors or a quarter; ours refuses before that. */
export function capacity(id: VariantId, nofile: number, workers: number): number {
  if (isOurs(id)) return workers * workerTunnels(Math.min(nofile, DESCRIPTORS));
  return workers * Math.floor((nofile - Math.min(100, nofile / 4)) / 2);
}

export function isOurs(id: VariantId): boolean {
  return id === "postern" || id === "postern-sni";
}
