import { addressText, parseAddress } from "../network/address.ts";
import {
  type Cidr,
  cidrText,
  containsAddress,
  networkOf,
  overlaps,
  parseCardAddress,
  parseCidr,
} from "../network/cidr.ts";

/** What two fields say together. Each part is already right by itself. */

interface NetworkFields {
  mode: "dhcp" | "static";
  address?: string;
  gateway?: string;
  dns: string[];
  mac?: string;
  additional: { mac: string; address?: string }[];
}

/** A static network needs an address, a gateway inside it, and a DNS server; DHCP brings its own. */
export function networkProblem(network: NetworkFields): string | undefined {
  return mainProblem(network) ?? cardsProblem(network);
}

function mainProblem({ mode, address, gateway, dns }: NetworkFields): string | undefined {
  if (mode === "dhcp") {
    if (address === undefined && gateway === undefined) return undefined;
    return "mode: static where an address or gateway is given";
  }
  if (address === undefined) return "address (such as 10.20.0.5/24) in mode: static";
  if (gateway === undefined) return "gateway (such as 10.20.0.1) in mode: static";
  const problem = gatewayProblem(address, gateway);
  if (problem !== undefined) return problem;
  return dns.length > 0 ? undefined : "at least one DNS server in mode: static";
}

/** Several cards are told apart by their MAC addresses, and each stands in a network of its own. */
function cardsProblem({ mac, address, additional }: NetworkFields): string | undefined {
  if (additional.length === 0) return undefined;
  if (mac === undefined) return "mac, which card is the main one, where there are additional ones";
  const twice = uniqueProblem([mac, ...additional.map((card) => card.mac)]);
  if (twice !== undefined) return twice;
  const addresses = [address, ...additional.map((card) => card.address)].filter((one) => one !== undefined);
  const networks = addresses.flatMap((one) => {
    const own = parseCardAddress(one);
    return own.ok ? [{ cidr: cidrText(networkOf(own.value)) }] : [];
  });
  return overlapProblem(networks);
}

interface Ipv6Fields {
  mode: "off" | "slaac" | "static";
  address?: string;
  gateway?: string;
}

/** IPv6 by hand needs an address and a router, in one network or link-local. */
export function ipv6Problem({ mode, address, gateway }: Ipv6Fields): string | undefined {
  if (mode !== "static") {
    return address === undefined && gateway === undefined
      ? undefined
      : "mode: static where an address or gateway is given";
  }
  if (address === undefined) return "address (such as fd00:10::5/64) in mode: static";
  if (gateway === undefined) return "gateway (such as fd00:10::1) in mode: static";
  const own = parseCardAddress(address);
  const peer = parseAddress(gateway);
  const linkLocal = parseCidr("fe80::/10");
  if (!own.ok || !peer.ok || !linkLocal.ok) return "an address and a gateway";
  if (containsAddress(linkLocal.value, peer.value)) return undefined;
  const network = networkOf(own.value);
  if (!containsAddress(network, peer.value))
    return `a gateway inside ${cidrText(network)} or a link-local one; ${addressText(peer.value)} is outside`;
  return peer.value.value === own.value.address.value
    ? "a gateway other than this machine's own address"
    : undefined;
}

/** A route's router speaks the same protocol as its target, and each target has one route. */
export function routesProblem(routes: readonly { to: string; via: string }[]): string | undefined {
  for (const { to, via } of routes) {
    if (to.includes(":") !== via.includes(":"))
      return `IPv4 by an IPv4 router, IPv6 by an IPv6 one; ${to} via ${via}`;
  }
  return uniqueProblem(routes.map(({ to }) => to));
}

/** A password that is asked for must exist. */
export function adminProblem(admin: { passwordLogin: boolean; passwordHash?: string }): string | undefined {
  if (!admin.passwordLogin || admin.passwordHash !== undefined) return undefined;
  return "a passwordHash where passwordLogin is true";
}

export function syslogProblem({ protocol, ca }: { protocol: string; ca?: string }): string | undefined {
  return protocol === "udp" && ca !== undefined
    ? "no ca with protocol: udp, which has no certificates"
    : undefined;
}

/** Why a gateway cannot serve an address, or undefined. */
export function gatewayProblem(address: string, gateway: string): string | undefined {
  const own = parseCardAddress(address);
  const peer = parseAddress(gateway);
  if (!own.ok || !peer.ok) return "an address and a gateway";
  const network = networkOf(own.value);
  const text = addressText(peer.value);
  if (peer.value.family !== 4) return "an IPv4 gateway";
  if (!containsAddress(network, peer.value))
    return `a gateway inside ${cidrText(network)}; ${text} is outside`;
  if (peer.value.value === own.value.address.value)
    return `a gateway other than this machine's own address ${text}`;
  const last = network.value + (1n << BigInt(32 - network.prefix)) - 1n;
  if (peer.value.value === network.value || peer.value.value === last) {
    return `the address of a machine; ${text} is the ${peer.value.value === last ? "broadcast address" : "network itself"}`;
  }
  return undefined;
}

/** The first pair of networks of which one contains the other, or is the same. */
export function overlapProblem(entries: readonly { cidr: string; label?: string }[]): string | undefined {
  const networks: { network: Cidr; name: string }[] = [];
  for (const { cidr, label } of entries) {
    const parsed = parseCidr(cidr);
    if (!parsed.ok) continue;
    const name = label === undefined ? cidrText(parsed.value) : `${cidrText(parsed.value)} (${label})`;
    for (const other of networks) {
      if (!overlaps(other.network, parsed.value)) continue;
      const same = other.network.prefix === parsed.value.prefix;
      return same
        ? `each network once; ${other.name} and ${name} are the same`
        : `networks apart; ${other.name} and ${name} overlap`;
    }
    networks.push({ network: parsed.value, name });
  }
  return undefined;
}

export function uniqueProblem(values: readonly string[]): string | undefined {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  return twice === undefined ? undefined : `each value once; ${twice.slice(0, 60)} is there twice`;
}

/** Sensor v3 of Defender for Identity uses the names of mde; only sensor v2 has one of its own, by workspace. */
export function servicesProblem(defender: {
  services: string[];
  workspaces: string[];
  extra: unknown[];
}): string | undefined {
  const opensNames = defender.services.some((service) => service !== "mdi");
  if (opensNames || defender.workspaces.length > 0 || defender.extra.length > 0) return undefined;
  return "mde among the services, or a workspace for mdi: else no name would be opened";
}
