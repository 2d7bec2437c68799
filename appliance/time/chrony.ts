/**
 * /etc/chrony/sources.d/postern.sources (chrony.conf(5), sourcedir), or nothing where the settings name no
 * server: then DHCP or the hypervisor gives the time.
 */
export function chronySources(servers: readonly string[]): string | undefined {
  if (servers.length === 0) return undefined;
  return servers.map((server) => `server ${server} iburst\n`).join("");
}
