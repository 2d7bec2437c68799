import { cidrText } from "../network/cidr.ts";
import { known } from "../network/special.ts";
import { subtract } from "../network/subtract.ts";

/** Addresses that a name must not lead to: private, loopback, link-local with the cloud's metadata, multicast. */
const INNER = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  // Azure's wire server answers on this public address from inside every virtual machine.
  "168.63.129.16/32",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/128",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
];

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
