import { stringify } from "yaml";
import type { Network } from "../settings/settings.ts";

/**
 * The netplan file (https://netplan.readthedocs.io, version 2).
 *
 * A card is matched by its MAC, or, where none is named, by the names that the kernel and udev give to wired
 * cards (`eth0`, `ens192`, `enp1s0`): a clone or another driver must not lose its network.
 * `optional` keeps the boot from waiting for a card without a link; `dhcp-identifier: mac` keeps clones from
 * asking for the same lease.
 */
export function netplanText(network: Network): string {
  const card = {
    match: network.mac === undefined ? { name: "e*" } : { macaddress: network.mac },
    optional: true,
    ...(network.mode === "dhcp" ? dhcp(network) : fixed(network.address, network.gateway)),
    ...nameservers(network),
    ...ipv6(network),
  };
  return HEADER + stringify({ network: { version: 2, renderer: "networkd", ethernets: { postern: card } } });
}

const HEADER = "# Made by posternctl from /etc/postern/settings.yaml; changes here are lost.\n";

function dhcp(network: Network) {
  return { dhcp4: true, "dhcp-identifier": "mac", "dhcp4-overrides": overrides(network) };
}

/**
 * The machine's name is a setting, and so are its DNS servers where they are given: a DHCP server changes
 * neither. netplan wants the same overrides for both families.
 */
function overrides({ dns }: Network) {
  return { "use-hostname": false, ...(dns.length > 0 ? { "use-dns": false } : {}) };
}

function fixed(address: string, gateway: string) {
  return { dhcp4: false, addresses: [address], routes: [{ to: "default", via: gateway }] };
}

function nameservers({ dns, search }: Network) {
  if (dns.length === 0 && search.length === 0) return {};
  return {
    nameservers: {
      ...(dns.length > 0 ? { addresses: [...dns] } : {}),
      ...(search.length > 0 ? { search: [...search] } : {}),
    },
  };
}

function ipv6(network: Network) {
  if (network.ipv6.mode === "off") return { dhcp6: false, "accept-ra": false, "link-local": [] };
  return { dhcp6: true, "accept-ra": true, "dhcp6-overrides": overrides(network) };
}
