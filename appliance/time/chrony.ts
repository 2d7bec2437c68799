import { HEADER } from "../rendered.ts";

/**
 * /etc/chrony/sources.d/postern.sources (chrony.conf(5), sourcedir), or nothing where the settings name no
 * server: then DHCP or the hypervisor gives the time.
 */
export function chronySources(servers: readonly string[]): string | undefined {
  if (servers.length === 0) return undefined;
  return servers.map((server) => `server ${server} iburst\n`).join("");
}

/**
 * Whether chrony may ask the hypervisor. The image's `clock-source` reads this whenever chrony starts and looks
 * for the device itself: a machine that moves to another hypervisor must still have a time service there, and
 * chronyd does not start with a clock that is missing.
 */
export function hypervisorText(hypervisor: boolean): string {
  return `${HEADER}${hypervisor ? "yes" : "no"}\n`;
}
