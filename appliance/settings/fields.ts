import type { Parsed } from "../network/address.ts";
import { addressText, parseAddress, wrong } from "../network/address.ts";
import { cardAddressText, cidrText, networkOf, parseCardAddress, parseCidr } from "../network/cidr.ts";
import { known, refusalOf } from "../network/special.ts";
import { parseSshKey, sshKeyText } from "./sshkey.ts";

/*
 * One function for each kind of text that a person gives, in a file or at the console.
 * Each returns the canonical text or what was expected.
 */

const LOOPBACK_AND_WORSE = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/127",
  "ff00::/8",
];

/** RFC 1123 names, one or more labels, 253 characters at most. */
export function hostName(text: string): Parsed<string> {
  const name = text.toLowerCase();
  const isName =
    name.length <= 253 &&
    name.split(".").every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  // Four numbers are an address, and a last label of digits alone is never a top level domain.
  if (!isName || /(^|\.)\d+$/.test(name))
    return wrong("a name of letters, digits, hyphens and dots, such as proxy-01");
  return { ok: true, value: name };
}

/** A card's MAC address, `52:54:00:12:34:56`; hyphens, as Windows writes them, are taken too. */
export function macAddress(text: string): Parsed<string> {
  const mac = text.toLowerCase().replaceAll("-", ":");
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac)) return wrong("a MAC address, such as 52:54:00:12:34:56");
  // The lowest bit of the first byte marks a group address (IEEE 802).
  if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 || mac === "00:00:00:00:00:00") {
    return wrong("the MAC address of one card");
  }
  return { ok: true, value: mac };
}

/** The machine's own IPv4 address with its prefix. Defender needs IPv4 all the way. */
export function machineAddress(text: string): Parsed<string> {
  const parsed = parseCardAddress(text);
  if (!parsed.ok) return parsed;
  const { address, prefix } = parsed.value;
  if (address.family !== 4) return wrong("an IPv4 address with its prefix, such as 10.20.0.5/24");
  if (isUnusable(addressText(address))) return wrong("an address that a card can have, such as 10.20.0.5/24");
  if (prefix < 8 || prefix > 30) return wrong("a prefix from /8 to /30, such as 10.20.0.5/24");
  const network = networkOf(parsed.value);
  const last = network.value + (1n << BigInt(32 - prefix)) - 1n;
  if (address.value === network.value)
    return wrong(`the address of a machine; ${addressText(address)} is the network itself`);
  if (address.value === last)
    return wrong(`the address of a machine; ${addressText(address)} is the broadcast address`);
  return { ok: true, value: cardAddressText(parsed.value) };
}

/** The address of another machine: a gateway, a DNS server. */
export function peerAddress(text: string): Parsed<string> {
  const parsed = parseAddress(text);
  if (!parsed.ok) return parsed;
  const canonical = addressText(parsed.value);
  if (isUnusable(canonical)) return wrong("the address of another machine, such as 10.20.0.1");
  return { ok: true, value: canonical };
}

/** A network that may be let in: clients of the proxy, or SSH. */
export function openTo(text: string): Parsed<string> {
  const parsed = parseCidr(text);
  if (!parsed.ok) return parsed;
  const refusal = refusalOf(parsed.value);
  return refusal === undefined ? { ok: true, value: cidrText(parsed.value) } : wrong(refusal);
}

/** A short name beside a CIDR. It goes into comments of other files: printable, no quotes, one line. */
export function label(text: string): Parsed<string> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._+&/()-]{0,39}$/u.test(text))
    return wrong("at most 40 letters, digits, spaces or . _ - + & / ( )");
  return { ok: true, value: text.trimEnd() };
}

export function sshKey(text: string): Parsed<string> {
  const parsed = parseSshKey(text);
  return parsed.ok ? { ok: true, value: sshKeyText(parsed.value) } : parsed;
}

/** crypt(5): yescrypt `$y$` or SHA-512 `$6$`. */
export function passwordHash(text: string): Parsed<string> {
  const yescrypt = /^\$y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}$/;
  const sha512 = /^\$6\$(rounds=[1-9]\d{3,8}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}$/;
  if (yescrypt.test(text) || sha512.test(text)) return { ok: true, value: text };
  return wrong("a yescrypt or SHA-512 hash: mkpasswd -m yescrypt prints one");
}

/** A Defender for Identity workspace, the part of its sensor address before `sensorapi`. */
export function workspace(text: string): Parsed<string> {
  const name = text.toLowerCase();
  if (/sensorapi/.test(name)) return wrong("the workspace name alone, the part before sensorapi");
  if (!/^[a-z0-9]([a-z0-9-]{0,52}[a-z0-9])?$/.test(name))
    return wrong("a workspace name, such as contoso-corp");
  return { ok: true, value: name };
}

/** A time server, by name or address. */
export function timeServer(text: string): Parsed<string> {
  const address = peerAddress(text);
  if (address.ok) return address;
  const name = hostName(text);
  return name.ok ? name : wrong("a name or an address, such as ntp.example.com or 10.20.0.1");
}

function isUnusable(text: string): boolean {
  const host = parseCidr(`${text}/${text.includes(":") ? 128 : 32}`);
  if (!host.ok) return true;
  return LOOPBACK_AND_WORSE.some((special) => {
    const range = known(special);
    return (
      range.family === host.value.family &&
      range.value === networkOf({ address: host.value, prefix: range.prefix }).value
    );
  });
}
