import { type Parsed, parseAddress, wrong } from "../network/address.ts";
import { cidrText, contains, networkOf, parseCardAddress, parseCidr } from "../network/cidr.ts";
import { known, PRIVATE_NETWORKS } from "../network/special.ts";
import { hostName } from "./fields.ts";
import { parseSshKey, sshKeyText } from "./sshkey.ts";

/*
 * Texts that name a place: a destination of the proxy, a route, a mirror, a time zone, a keyboard.
 */

const UNIQUE_LOCAL = "fc00::/7";
/** RFC 6598: carriers and clouds use it inside. */
const SHARED = "100.64.0.0/10";

/** `a.example`, or `.a.example` for it and every name below; `*.a.example` means the latter. */
export function destinationName(text: string): Parsed<string> {
  const lower = text.toLowerCase();
  const isWide = lower.startsWith(".") || lower.startsWith("*.");
  const bare = isWide ? lower.replace(/^\*?\./, "") : lower;
  const name = hostName(bare);
  if (!name.ok || !bare.includes("."))
    return wrong("a name such as agent.example.com, or .example.com for it and every name below");
  // `.com` or `.co` would be a door to everybody.
  if (isWide && bare.split(".").length < 2)
    return wrong("a name below a top level domain, such as .example.com");
  return { ok: true, value: isWide ? `.${name.value}` : name.value };
}

/** A name of the catalogue that other tenants control: `.a.example`, `a.b.example` or `a*.b.example`. */
export function broadName(text: string): Parsed<string> {
  const [first = "", ...rest] = text.toLowerCase().split(".");
  const isInfix = /^[a-z0-9-]+\*[a-z0-9-]*$/.test(first);
  if (!isInfix) return destinationName(text);
  const tail = destinationName(rest.join("."));
  return tail.ok ? { ok: true, value: `${first}.${tail.value}` } : tail;
}

/** A key that may sign catalogues. One kind is enough, and it is the one without parameters to get wrong. */
export function catalogueKey(text: string): Parsed<string> {
  const key = parseSshKey(text);
  if (!key.ok) return key;
  if (key.value.type !== "ssh-ed25519")
    return wrong(`an Ed25519 key (ssh-ed25519); this is ${key.value.type}`);
  return { ok: true, value: sshKeyText(key.value) };
}

/** A private network that allowed names may lead to, such as the one of a Private Link. */
export function privateNetwork(text: string): Parsed<string> {
  const parsed = parseCidr(text);
  if (!parsed.ok) return parsed;
  const isPrivate = [...PRIVATE_NETWORKS, SHARED, UNIQUE_LOCAL].some((one) =>
    contains(known(one), parsed.value),
  );
  if (isPrivate) return { ok: true, value: cidrText(parsed.value) };
  return wrong(
    `a network inside ${[...PRIVATE_NETWORKS, SHARED, UNIQUE_LOCAL].join(", ")}; public ones are open`,
  );
}

/** Where a route leads. The default route has fields of its own. */
export function routeTarget(text: string): Parsed<string> {
  const parsed = parseCidr(text);
  if (!parsed.ok) return parsed;
  if (parsed.value.prefix === 0) return wrong("a network; the default route is the field gateway");
  return { ok: true, value: cidrText(parsed.value) };
}

/** The machine's own IPv6 address with its prefix. */
export function machineAddress6(text: string): Parsed<string> {
  const example = "an IPv6 address with its prefix, such as fd00:10::5/64";
  const parsed = parseCardAddress(text);
  if (!parsed.ok || parsed.value.address.family !== 6) return wrong(example);
  const { prefix } = parsed.value;
  if (prefix < 16 || prefix > 127) return wrong(`${example}; the prefix from /16 to /127`);
  const network = networkOf(parsed.value);
  const refused = ["::/8", "fe80::/10", "ff00::/8"].some((one) =>
    contains(known(one), { ...network, prefix: Math.max(prefix, 10) }),
  );
  if (refused) return wrong(`${example}; not a loopback, link-local or multicast address`);
  return { ok: true, value: canonicalCard(text) };
}

/** An IPv6 router: in the card's network, or link-local as routers announce themselves. */
export function router6(text: string): Parsed<string> {
  const parsed = parseAddress(text);
  if (!parsed.ok || parsed.value.family !== 6) return wrong("an IPv6 address, such as fd00:10::1 or fe80::1");
  const host = { ...parsed.value, prefix: 128 };
  if (["::/127", "ff00::/8"].some((one) => contains(known(one), host)))
    return wrong("the address of a router, such as fd00:10::1 or fe80::1");
  return { ok: true, value: cidrText(host).replace(/\/128$/, "") };
}

/**
 * An IANA time zone. Which ones exist is asked of the zones that Node carries (ICU), which are the same
 * database as the machine's.
 */
export function timeZone(text: string): Parsed<string> {
  const example = "a time zone, such as UTC or Europe/Berlin";
  if (!/^[A-Za-z0-9_+/-]{1,64}$/.test(text)) return wrong(example);
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
  } catch {
    return wrong(example);
  }
  // ICU takes any case; the files on the machine do not.
  if (/^(utc|etc\/utc)$/i.test(text)) return { ok: true, value: "UTC" };
  const known = Intl.supportedValuesOf("timeZone").find((zone) => zone.toLowerCase() === text.toLowerCase());
  if (known !== undefined) return { ok: true, value: known };
  return /^[A-Z][A-Za-z_+-]+\/[A-Za-z0-9_+/-]+$/.test(text) ? { ok: true, value: text } : wrong(example);
}

/** An XKB layout or variant (xkeyboard-config(7)): it goes into a file that a shell reads. */
export function xkbName(text: string): Parsed<string> {
  if (/^[a-z][a-z0-9_-]{0,31}$/i.test(text)) return { ok: true, value: text };
  return wrong("a keyboard layout, such as us, gb, de or fr");
}

/** The base URL of a package mirror. No credentials: they would stand in files that others may read. */
export function mirrorUrl(text: string): Parsed<string> {
  const example = "a URL such as https://mirror.example.com/debian";
  if (!/^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/.test(text)) return wrong(example);
  try {
    const url = new URL(text);
    if (url.username !== "" || url.password !== "") return wrong(example);
    return { ok: true, value: url.href.replace(/\/+$/, "") };
  } catch {
    return wrong(example);
  }
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** `02:00-04:00`, or with days: `Sat,Sun 02:00-04:00`. An hour or more, so that installing has time. */
export function updateWindow(text: string): Parsed<string> {
  const example = "hours such as 02:00-04:00, or with days: Sat,Sun 02:00-04:00";
  const match = /^(?:(?<days>[A-Za-z]{3}(?:,[A-Za-z]{3})*) )?(?<from>[\d:]{5})-(?<to>[\d:]{5})$/.exec(
    text.trim(),
  );
  const { days, from = "", to = "" } = match?.groups ?? {};
  const start = minutes(from);
  const end = minutes(to);
  if (start === undefined || end === undefined) return wrong(example);
  if ((end - start + 1440) % 1440 < 60) return wrong(`${example}; an hour or more`);
  const named = days?.split(",").map((day) => DAYS.find((one) => one.toLowerCase() === day.toLowerCase()));
  if (named?.includes(undefined)) return wrong(`days of ${DAYS.join(", ")}`);
  if (named === undefined) return { ok: true, value: `${from}-${to}` };
  return { ok: true, value: `${DAYS.filter((day) => named.includes(day)).join(",")} ${from}-${to}` };
}

/** A certificate or several in PEM. Only the form is looked at here; the log daemon reads the rest. */
export function pemCertificates(text: string): Parsed<string> {
  const block = /-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----/g;
  const normal = `${text.replaceAll("\r\n", "\n").trim()}\n`;
  const rest = normal.replaceAll(block, "").trim();
  if (rest !== "" || !block.test(normal))
    return wrong("certificates in PEM, from -----BEGIN CERTIFICATE----- on");
  return { ok: true, value: normal };
}

/** Minutes since midnight. */
function minutes(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

function canonicalCard(text: string): string {
  const parsed = parseCardAddress(text);
  if (!parsed.ok) return text;
  const { address, prefix } = parsed.value;
  return `${cidrText({ ...address, prefix: 128 }).replace(/\/128$/, "")}/${prefix}`;
}
