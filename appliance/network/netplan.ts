import { stringify } from "yaml";
import { HEADER } from "../rendered.ts";
import type { AdditionalCard, Network, Route } from "../settings/settings.ts";

/** The name under which netplan and networkd know whatever carries the machine's address: a card or a VLAN. */
export const MAIN_LINK = "postern";

/** A link's part of the file; netplan's own words. */
type Link = Record<string, unknown>;

/**
 * The netplan file (https://netplan.readthedocs.io/en/stable/netplan-yaml/, version 2).
 *
 * A card is matched by its MAC, or, where none is named, by the names that the kernel and udev give to wired
 * cards (`eth0`, `ens192`, `enp1s0`): a clone or another driver must not lose its network.
 * `optional` keeps the boot from waiting for a card without a link; `dhcp-identifier: mac` keeps clones from
 * asking for the same lease.
 *
 * With a VLAN the card itself carries no address, and the VLAN has the name that the card has without one.
 *
 * @param mac of the card that takes the place of the one the settings name.
 */
export function netplanText(network: Network, mac: string | undefined = network.mac): string {
  const main = {
    ...(network.mode === "dhcp" ? dhcp(overrides(network)) : fixed(network.address)),
    ...nameservers(network),
    ...ipv6(network),
  };
  const routes = [...defaultRoutes(network), ...network.routes];
  const links = [
    place(MAIN_LINK, "trunk", matchOf(mac), network, main, routes),
    ...network.additional.map((card, index) =>
      place(
        `card${index + 1}`,
        `trunk${index + 1}`,
        matchOf(card.mac),
        card,
        ofAdditional(card),
        card.routes,
      ),
    ),
  ];
  const ethernets = Object.assign({}, ...links.map((link) => link.ethernets));
  const vlans: Record<string, Link> = Object.assign({}, ...links.map((link) => link.vlans));
  const all = Object.keys(vlans).length === 0 ? { ethernets } : { ethernets, vlans };
  return (
    HEADER +
    stringify({ network: { version: 2, renderer: "networkd", ...all } }, { aliasDuplicateObjects: false })
  );
}

/**
 * A file beside the one that netplan makes for networkd (systemd.network(5), drop-in): a router's
 * advertisements bring no DNS server where the settings name some. netplan can say this only from 1.1 on
 * (`ra-overrides`), and Ubuntu 24.04 has 1.0.
 */
export function advertisementsText({ dns, ipv6: { mode } }: Network): string | undefined {
  if (mode !== "slaac" || dns.length === 0) return undefined;
  return `${HEADER}[IPv6AcceptRA]\nUseDNS=no\nUseDomains=no\n`;
}

/** A card, or a VLAN on it. The card under a VLAN carries nothing but its size of packets. */
function place(
  id: string,
  trunk: string,
  match: Link,
  { vlan, mtu }: Pick<AdditionalCard, "vlan" | "mtu">,
  content: Link,
  routes: readonly Route[],
): { ethernets: Record<string, Link>; vlans: Record<string, Link> } {
  const size = mtu === undefined ? {} : { mtu };
  const own = {
    ...content,
    ...size,
    ...(routes.length > 0 ? { routes: routes.map((route) => ({ ...route })) } : {}),
  };
  const card = { match, optional: true };
  if (vlan === undefined) return { ethernets: { [id]: { ...card, ...own } }, vlans: {} };
  return {
    ethernets: { [trunk]: { ...card, dhcp4: false, ...NO_IPV6, ...size } },
    vlans: { [id]: { id: vlan, link: trunk, optional: true, ...own } },
  };
}

function matchOf(mac: string | undefined): Link {
  return mac === undefined ? { name: "e*" } : { macaddress: mac };
}

/** Routes, names and time are the main card's; a further one only reaches its own networks. */
function ofAdditional({ address }: AdditionalCard): Link {
  if (address !== undefined) return { ...fixed(address), ...NO_IPV6 };
  const nothing = { "use-routes": false, "use-dns": false, "use-domains": false, "use-ntp": false };
  return { ...dhcp({ "use-hostname": false, ...nothing }), ...NO_IPV6 };
}

function dhcp(overridden: Link): Link {
  return { dhcp4: true, "dhcp-identifier": "mac", "dhcp4-overrides": overridden };
}

/**
 * The machine's name is a setting, and so are its DNS servers where they are given: a DHCP server changes
 * neither. netplan wants the same overrides for both families.
 */
function overrides({ dns }: Network): Link {
  return { "use-hostname": false, ...(dns.length > 0 ? { "use-dns": false } : {}) };
}

function fixed(address: string): Link {
  return { dhcp4: false, addresses: [address] };
}

/** An IPv6 router may be link-local; the kernel looks for those on the route's own card, without `on-link`. */
function defaultRoutes(network: Network): Route[] {
  return [
    ...(network.mode === "static" ? [{ to: "default", via: network.gateway }] : []),
    ...(network.ipv6.mode === "static" ? [{ to: "default", via: network.ipv6.gateway }] : []),
  ];
}

function nameservers({ dns, search }: Network): Link {
  if (dns.length === 0 && search.length === 0) return {};
  return {
    nameservers: {
      ...(dns.length > 0 ? { addresses: [...dns] } : {}),
      ...(search.length > 0 ? { search: [...search] } : {}),
    },
  };
}

const NO_IPV6 = { dhcp6: false, "accept-ra": false, "link-local": [] } as const;

function ipv6(network: Network): Link {
  switch (network.ipv6.mode) {
    case "off":
      return NO_IPV6;
    case "slaac":
      return { dhcp6: true, "accept-ra": true, "dhcp6-overrides": overrides(network) };
    case "static": {
      const own = network.mode === "static" ? [network.address] : [];
      return {
        dhcp6: false,
        "accept-ra": false,
        "link-local": ["ipv6"],
        addresses: [...own, network.ipv6.address],
      };
    }
  }
}
