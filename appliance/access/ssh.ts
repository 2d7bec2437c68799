import { cidrText, networkOf, parseCardAddress } from "../network/cidr.ts";
import type { Settings } from "../settings/settings.ts";

/** The administrator's authorized_keys file; empty where there is no key. */
export function authorizedKeys(keys: readonly string[]): string {
  return keys.map((key) => `${key}\n`).join("");
}

/**
 * The networks that may use SSH.
 *
 * Without a key or a password nobody could log in, so the port stays closed. With one and no network named it is
 * open to the network the machine itself stands in, and no further: the console is always a way in, so this cannot
 * lock anybody out, and the clients' networks get nothing by being clients.
 *
 * @param ownNetworks the networks of the machine's addresses now; used for DHCP.
 */
export function sshNetworks({ admin, network }: Settings, ownNetworks: readonly string[]): readonly string[] {
  if (admin.sshKeys.length === 0 && !admin.passwordLogin) return [];
  if (admin.from.length > 0) return admin.from;
  if (network.mode === "dhcp") return ownNetworks;
  const own = parseCardAddress(network.address);
  return own.ok ? [cidrText(networkOf(own.value))] : [];
}
