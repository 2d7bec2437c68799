import { cidrText } from "../network/cidr.ts";
import { known } from "../network/special.ts";
import { subtract } from "../network/subtract.ts";

/**
 * IPv4 addresses that a name must not lead to: private, loopback, link-local with the cloud's metadata, multicast.
 * The networks for documentation are left out: nobody routes them.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const INNER_4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  // Another cloud's metadata among them.
  "192.0.0.0/24",
  "192.168.0.0/16",
  // For benchmarks between networks of one's own.
  "198.18.0.0/15",
  // Azure's wire server answers on this public address from inside every virtual machine.
  "168.63.129.16/32",
  "224.0.0.0/4",
  "240.0.0.0/4",
] as const;

/** @see https://www.iana.org/assignments/iana-ipv6-special-registry */
const INNER_6 = [
  // Nobody's address, loopback, and IPv4 addresses in the form of old (RFC 4291, 2.5.5.1).
  "::/96",
  // Translators and tunnels that lead to any IPv4 address: of an own prefix, Teredo, 6to4.
  "64:ff9b:1::/48",
  "2001::/32",
  "2002::/16",
  "100::/64",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
] as const;

/**
 * The same IPv4 addresses behind a NAT64 (RFC 6052), which is the way to IPv4 for a machine that has IPv6 alone, so
 * that its other addresses stay open.
 */
function translated(cidr: string): string {
  const [address = "", length = ""] = cidr.split("/");
  const bytes = address.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return `64:ff9b::${bytes.slice(0, 2).join("")}:${bytes.slice(2).join("")}/${96 + Number(length)}`;
}

/** Both families. */
export const INNER = [...INNER_4, ...INNER_6, ...INNER_4.map(translated)];

const A_LINE = 8;

/**
 * The inner addresses without those that are allowed on purpose, as values of Squid's `acl inner dst`.
 *
 * They are cut out instead of allowed by a rule before: `dst` matches as soon as one of a name's addresses
 * does, so an allowed address would open the name's other addresses too.
 */
export function innerLines(allowed: readonly string[]): string[] {
  const texts = subtract(INNER.map(known), allowed.map(known)).map(cidrText);
  const lines: string[] = [];
  for (let from = 0; from < texts.length; from += A_LINE)
    lines.push(texts.slice(from, from + A_LINE).join(" "));
  return lines;
}
