import { parseAddress } from "../network/address.ts";
import { contains } from "../network/cidr.ts";
import { known } from "../network/special.ts";
import { INNER } from "../proxy/inner.ts";
import type { Network, Settings } from "../settings/settings.ts";
import type { Actor } from "../system/accounts.ts";
import { AZURE, METADATA } from "./metadata.ts";

/** One thing that may go out, or must not. The first rule that fits decides; what none fits is refused. */
export interface Outgoing {
  /** Whose packets; undefined: everybody's. */
  who?: Actor;
  /** A network, canonical; undefined: anywhere. */
  to?: string;
  protocol?: "tcp" | "udp" | "ping";
  ports?: readonly number[];
  /** Only from this port. */
  fromPort?: number;
  /** Only packets that no router passes on. */
  isOnLink?: boolean;
  /** Only of this family; undefined: as `to` says, else both. */
  family?: 4 | 6;
  verdict: "accept" | "refuse";
  /** Why, in a few words; stands beside the rule in the kernel. */
  why: string;
}

/** What the rules are made from. */
export interface OutgoingFacts {
  settings: Settings;
  /** Whether the machine can use the mirror that the settings name. */
  isMirrored: boolean;
}

/** DISCARD, RFC 863: the check of the gateway makes the kernel look for its MAC by such a packet. */
const DISCARD = 9;
/** What xt_multiport takes in one rule. */
const MOST_PORTS = 15;

/**
 * What may go out of a configured machine, by the account that asks.
 *
 * Answers, loopback, ARP and neighbour discovery are not here: ufw's own rules let answers and ICMPv6 pass before
 * these, and ARP is no IP. What has a name instead of an address is limited by account and port alone: a name's
 * addresses change, and a rule that was right when it was made would cut the machine off.
 */
export function outgoing({ settings, isMirrored }: OutgoingFacts): Outgoing[] {
  const { network, time, proxy, defender, updates, logging } = settings;
  const rules = [
    ...addressRules(network),
    ...nameRules(network.dns),
    ...timeRules(time.servers),
    ...ownRules(),
    ...closedRules(),
    ...proxyRules(proxy, defender.extra),
    ...updateRules(isMirrored ? updates.mirror : undefined, proxy.upstream),
    ...(logging.syslog === undefined ? [] : syslogRules(logging.syslog)),
  ];
  return network.ipv6.mode === "off" ? onlyIpv4(rules) : rules;
}

/** What may go out before there are settings: enough to get an address, names, the time and updates. */
export function outgoingAtFirst(): Outgoing[] {
  const rules = [
    DHCP,
    ...nameRules([]),
    ...timeRules([]),
    ...ownRules(),
    ...closedRules(),
    ...updateRules(undefined, undefined),
  ];
  return onlyIpv4(rules);
}

/** Without IPv6 nothing goes out by it. */
function onlyIpv4(rules: readonly Outgoing[]): Outgoing[] {
  return rules.flatMap((rule) => (rule.to?.includes(":") === true ? [] : [{ ...rule, family: 4 }]));
}

/** Asking for a lease goes around the firewall, by a packet socket; renewing it does not. */
const DHCP: Outgoing = {
  who: "network",
  protocol: "udp",
  fromPort: 68,
  ports: [67],
  family: 4,
  verdict: "accept",
  why: "DHCP",
};

/** RFC 8415: a client speaks to every server of its link at once. */
const DHCP6: Outgoing = {
  ...DHCP,
  fromPort: 546,
  ports: [547],
  to: "ff02::1:2/128",
  family: 6,
  why: "DHCPv6",
};

function addressRules({ mode, additional, ipv6 }: Network): Outgoing[] {
  const isLeased = mode === "dhcp" || additional.some(({ address }) => address === undefined);
  return [...(isLeased ? [DHCP] : []), ...(ipv6.mode === "slaac" ? [DHCP6] : [])];
}

/** The resolver asks for everybody; the machine's own checks ask each server by itself. */
function nameRules(servers: readonly string[]): Outgoing[] {
  return (["resolver", "root"] as const).flatMap((who) =>
    (["udp", "tcp"] as const).flatMap((protocol) =>
      out(who, protocol, [53], who === "root" ? "DNS, own checks" : "DNS", servers),
    ),
  );
}

function timeRules(servers: readonly string[]): Outgoing[] {
  return out("clock", "udp", [123], "NTP", servers);
}

/** What root asks by itself: cloud-init, `posternctl check`, and an administrator who looks for a fault. */
function ownRules(): Outgoing[] {
  return [
    ...AZURE.flatMap(({ to, ports }) => out("root", "tcp", ports, "Azure, cloud-init", [to])),
    ...out("root", "udp", [DISCARD], "Check of the gateway").map((rule) => ({ ...rule, isOnLink: true })),
    { who: "root", protocol: "ping", verdict: "accept", why: "ping" },
  ];
}

/** After what needs them, and before everything that may go to a place that is not known here. */
function closedRules(): Outgoing[] {
  return METADATA.map((to) => ({ to, verdict: "refuse", why: "Metadata of a cloud, link-local" }));
}

/** Private destinations are reached from here, also with another proxy behind this one. */
function proxyRules(
  { upstream, privateDestinations }: Settings["proxy"],
  extra: Settings["defender"]["extra"],
): Outgoing[] {
  const ports = [...new Set([80, 443, ...extra.flatMap((one) => one.ports)])].sort((a, b) => a - b);
  const own = privateDestinations.flatMap((to) => out("proxy", "tcp", ports, "Private destination", [to]));
  if (upstream !== undefined)
    return [...own, ...out("proxy", "tcp", [upstream.port], "Upstream proxy", [upstream.host])];
  const refused = { who: "proxy", verdict: "refuse", why: "Inner address" } as const;
  // What is closed to everybody needs no second rule.
  const isClosed = (to: string) => METADATA.some((closed) => contains(known(closed), known(to)));
  const inner = INNER.filter((to) => !isClosed(to)).map((to) => ({ ...refused, to }));
  return [...own, ...inner, ...out("proxy", "tcp", ports, "Allowed names")];
}

function syslogRules({ host, port, protocol }: NonNullable<Settings["logging"]["syslog"]>): Outgoing[] {
  return out("syslog", protocol === "tls" ? "tcp" : "udp", [port], "Remote log", [host]);
}

/** apt takes the way out that Squid takes; a mirror is asked directly. */
function updateRules(mirror: string | undefined, upstream: Settings["proxy"]["upstream"]): Outgoing[] {
  if (mirror !== undefined) {
    const { host, ports } = mirrorPlace(mirror);
    return out("updates", "tcp", ports, "Updates, mirror", [host]);
  }
  if (upstream === undefined) return out("updates", "tcp", [80, 443], "Updates");
  return out("updates", "tcp", [upstream.port], "Updates, upstream proxy", [upstream.host]);
}

/** A mirror that asks for http may send on to https. */
function mirrorPlace(mirror: string): { host: string; ports: number[] } {
  const { hostname, port, protocol } = new URL(mirror);
  const own = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  return { host: hostname.replace(/^\[|\]$/g, ""), ports: [...new Set([own, 443])] };
}

/** Somebody's way to hosts: to each where all of them are addresses or networks, else by port alone. */
function out(
  who: Actor,
  protocol: "tcp" | "udp",
  ports: readonly number[],
  why: string,
  hosts: readonly string[] = [],
): Outgoing[] {
  const networks = hosts.map(networkOfHost);
  const isKnown = networks.length > 0 && networks.every((to) => to !== undefined);
  const places = isKnown ? networks : [undefined];
  return places.flatMap((to) =>
    inGroups(ports).map((group) => ({
      who,
      protocol,
      ports: group,
      verdict: "accept" as const,
      why,
      ...(to === undefined ? {} : { to }),
    })),
  );
}

/** A host as a network; undefined for a name. */
function networkOfHost(host: string): string | undefined {
  if (host.includes("/")) return host;
  const address = parseAddress(host);
  return address.ok ? `${host}/${address.value.family === 4 ? 32 : 128}` : undefined;
}

function inGroups(ports: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (let from = 0; from < ports.length; from += MOST_PORTS)
    groups.push(ports.slice(from, from + MOST_PORTS));
  return groups;
}
