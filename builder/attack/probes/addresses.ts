import type { Probe } from "../probe.ts";
import { ask, FOREIGN_ADDRESS, REFUSED, tunnelTo } from "./requests.ts";

const topic = "addresses";
const PTR = "https://www.squid-cache.org/Doc/config/acl/";
const METADATA = "https://learn.microsoft.com/en-us/azure/virtual-machines/instance-metadata-service";

/** Everything that means an address to some parser (inet_aton(3), RFC 4291, RFC 6874). */
const TARGETS: readonly [id: string, title: string, host: string][] = [
  ["plain", "an address whose reverse record says an allowed name", FOREIGN_ADDRESS],
  ["dot", "the same with a dot at its end", `${FOREIGN_ADDRESS}.`],
  ["decimal", "the same as one number", "3405803842"],
  ["octal", "the same in octal", "0313.0.0161.0102"],
  ["hex", "the same as one hexadecimal number", "0xcb007142"],
  ["hex-parts", "the same in hexadecimal parts", "0xcb.0x0.0x71.0x42"],
  ["short", "the same with three parts", "203.0.28994"],
  ["padded", "the same with zeros in front", "203.000.113.066"],
  ["mapped", "the same as an IPv4-mapped IPv6 address", `[::ffff:${FOREIGN_ADDRESS}]`],
  ["mapped-hex", "the same, its IPv4 part in hexadecimal", "[::ffff:cb00:7142]"],
  ["ipv6", "an IPv6 address", "[2001:db8::50]"],
  ["ipv6-bare", "an IPv6 address without brackets", "2001:db8::50"],
  ["ipv6-zone", "an IPv6 address with a zone", "[fe80::1%25lo]"],
  ["loopback", "the proxy's own machine", "127.0.0.1"],
  ["loopback-other", "another address of loopback", "127.8.8.8"],
  ["loopback-short", "loopback in short", "127.1"],
  ["loopback-decimal", "loopback as one number", "2130706433"],
  ["loopback-octal", "loopback in octal", "0177.0.0.1"],
  ["loopback-hex", "loopback in hexadecimal", "0x7f000001"],
  ["loopback-ipv6", "loopback in IPv6", "[::1]"],
  ["loopback-mapped", "loopback as an IPv4-mapped IPv6 address", "[::ffff:127.0.0.1]"],
  ["any", "the address of no one", "0.0.0.0"],
  ["zero", "a nought for an address", "0"],
  ["any-ipv6", "the address of no one in IPv6", "[::]"],
  ["localhost", "localhost by name", "localhost"],
  ["localhost-domain", "localhost by its long name", "localhost.localdomain"],
  ["metadata", "the platform's metadata", "169.254.169.254"],
  ["metadata-decimal", "the platform's metadata as one number", "2852039166"],
  ["metadata-name", "the platform's metadata by a name", "metadata.google.internal"],
  ["wire-server", "Azure's wire server", "168.63.129.16"],
  ["private", "an inner server", "10.0.0.5"],
  ["broadcast", "everybody", "255.255.255.255"],
  ["multicast", "a group", "224.0.0.1"],
];

const why = "An address is reached, whoever is behind it.";

export const ADDRESSES: readonly Probe[] = [
  ...TARGETS.map(([id, title, host]) => ({
    id: `address-${id}`,
    topic,
    title,
    send: () => [tunnelTo(`${host}:443`)],
    must: REFUSED,
    why,
    source: id.startsWith("metadata") ? METADATA : PTR,
  })),
  {
    id: "address-plain-port",
    topic,
    title: "an address whose reverse record says an allowed name, on port 8888",
    send: () => [tunnelTo(`${FOREIGN_ADDRESS}:8888`)],
    must: REFUSED,
    why: "Who controls the reverse record of an address opens it, on every port.",
    source: PTR,
  },
  ...["169.254.169.254", "10.0.0.5", "127.0.0.1", FOREIGN_ADDRESS, "[::1]"].map((host) => ({
    id: `address-web-${host.replace(/[[\]]/g, "")}`,
    topic,
    title: `GET by address: ${host}`,
    send: () => [ask("GET", `http://${host}/latest/meta-data/`, "Metadata: true\r\n")],
    must: REFUSED,
    why,
    source: METADATA,
  })),
];
