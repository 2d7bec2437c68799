import type { Aim, Probe } from "../probe.ts";
import { ask, REFUSED, tunnelTo } from "./requests.ts";

const topic = "where a name leads";
const why = "Whoever answers for one allowed name turns the proxy into a way to inner machines.";
const source = "https://en.wikipedia.org/wiki/DNS_rebinding";
/** An outer address, beside which an inner one may stand. */
const GOOD = "203.0.113.50";

/** What DNS says of an allowed name. */
const ANSWERS: readonly [id: string, title: string, addresses: readonly string[]][] = [
  ["loopback", "to loopback", ["127.0.0.1"]],
  ["loopback-other", "to another address of loopback", ["127.8.8.8"]],
  ["loopback-ipv6", "to loopback in IPv6", ["::1"]],
  ["loopback-mapped", "to loopback as an IPv4-mapped address", ["::ffff:127.0.0.1"]],
  ["loopback-compatible", "to loopback as an IPv4-compatible address", ["::7f00:1"]],
  ["any", "to the address of no one", ["0.0.0.0"]],
  ["any-ipv6", "to the address of no one in IPv6", ["::"]],
  ["private", "to an inner server", ["10.0.0.5"]],
  ["private-mapped", "to an inner server as an IPv4-mapped address", ["::ffff:10.0.0.5"]],
  ["private-nat64", "to an inner server behind the prefix of NAT64", ["64:ff9b::a00:5"]],
  ["private-6to4", "to an inner server in a 6to4 address", ["2002:a00:5::1"]],
  ["private-172", "to another inner network", ["172.16.0.5"]],
  ["private-192", "to a third inner network", ["192.168.0.5"]],
  ["carrier", "to a carrier's inner network", ["100.64.0.5"]],
  ["metadata", "to the platform's metadata", ["169.254.169.254"]],
  ["metadata-ipv6", "to the platform's metadata in IPv6", ["fd00:ec2::254"]],
  ["wire-server", "to Azure's wire server", ["168.63.129.16"]],
  ["unique-local", "to an inner IPv6 network", ["fd00::5"]],
  ["site-local", "to an inner IPv6 network of old", ["fec0::5"]],
  ["multicast", "to a group", ["224.0.0.1"]],
  ["itself", "to the proxy's own address", ["10.20.0.1"]],
  ["mixed-last", "to a good address and an inner one", [GOOD, "10.0.0.5"]],
  ["mixed-first", "to an inner address and a good one", ["10.0.0.5", GOOD]],
  ["mixed-loopback", "to a good address and loopback", [GOOD, "127.0.0.1"]],
  ["mixed-families", "to a good address, and to loopback in IPv6", [GOOD, "::1"]],
];

function nameOf(id: string, { under }: Aim): string {
  return `${id}.rebind.${under}`;
}

export const RESOLVE: readonly Probe[] = [
  ...ANSWERS.map(([id, title, addresses]) => ({
    id: `leads-${id}`,
    topic,
    title: `an allowed name that leads ${title}: ${addresses.join(", ")}`,
    send: (aim: Aim) => [tunnelTo(`${nameOf(id, aim)}:443`)],
    must: REFUSED,
    why,
    source,
    needs: ["dns"] as const,
    names: (aim: Aim) => ({ [nameOf(id, aim)]: addresses }),
  })),
  {
    id: "leads-turning",
    topic,
    title:
      "an allowed name that leads to a good address when it is checked, and to loopback when it is called",
    send: (aim) => [tunnelTo(`${nameOf("turning", aim)}:443`)],
    must: { answer: "either", beyondLacks: [/^at 127\./m] },
    why,
    source,
    needs: ["dns"],
    turns: (aim) => ({ [nameOf("turning", aim)]: [[GOOD], ["127.0.0.1"]] }),
  },
  ...["127.0.0.1", "10.0.0.5", "169.254.169.254"].map((address, index) => {
    const name = ({ web, spareWebs }: Aim): string => spareWebs[index] ?? web;
    return {
      id: `leads-web-${address}`,
      topic,
      title: `GET of an allowed name that leads to ${address}`,
      send: (aim: Aim) => [ask("GET", `http://${name(aim)}/`)],
      must: REFUSED,
      why,
      source,
      needs: ["web", "dns"] as const,
      names: (aim: Aim) => ({ [name(aim)]: [address] }),
    };
  }),
];
