/*
 * What the kernel's tables say of the way out. Pure, so that each table can be tested as text.
 */

/** The default route of /proc/net/route: addresses are hexadecimal in the machine's (little endian) order. */
export function gatewayOf(table: string): string | undefined {
  for (const line of table.split("\n").slice(1)) {
    const [, destination, gateway = "", flags = "0", , , , mask] = line.split(/\s+/);
    const isDefault = destination === "00000000" && mask === "00000000";
    // RTF_GATEWAY of linux/route.h.
    if (isDefault && (Number.parseInt(flags, 16) & 2) !== 0) {
      return (gateway.match(/../g) ?? [])
        .reverse()
        .map((byte) => Number.parseInt(byte, 16))
        .join(".");
    }
  }
  return undefined;
}

/** Whether /proc/net/arp has a whole entry (flag ATF_COM, 2, of linux/if_arp.h) for an address. */
export function isKnownNeighbour(table: string | undefined, address: string): boolean {
  return (table ?? "").split("\n").some((line) => {
    const [ip, , flags = "0"] = line.split(/\s+/);
    return ip === address && (Number.parseInt(flags, 16) & 2) !== 0;
  });
}

/** Whether `ip -6 neigh show to ADDRESS` has an entry with a MAC that is not known to be dead. */
export function isKnownNeighbour6(output: string): boolean {
  return output.split("\n").some((line) => / lladdr /.test(line) && !/ (FAILED|INCOMPLETE)\b/.test(line));
}

/** The DNS servers of a resolv.conf(5). */
export function nameserversOf(text: string): string[] {
  const found = text.matchAll(/^\s*nameserver\s+(\S+)/gm);
  return [...new Set([...found].map(([, address = ""]) => address))];
}
