import { CLOUD_ADDRESS } from "./addresses.ts";
import { type Answer, type Question, TYPES } from "./dns.ts";

/** Suffixes under which the Defender cloud lives; each name under them is the fake cloud. */
export const DEFENDER_SUFFIXES = [
  "microsoft.com",
  "windows.com",
  "windowsupdate.com",
  "windows.net",
  "azure.com",
  "microsoft.us",
  "azure.us",
  "digicert.com",
] as const;

/** Deeper suffixes that tests use: a wildcard in a certificate stands for one label only (RFC 6125). */
const CERTIFICATE_SUFFIXES = [
  "endpoint.security.microsoft.com",
  "eu.endpoint.security.microsoft.com",
  "us.endpoint.security.microsoft.com",
  "atp.azure.com",
  "events.data.microsoft.com",
] as const;

/** Names that resolve and answer as well, so that only the proxy's own rules can refuse them. */
export const FORBIDDEN_SUFFIXES = ["example.com", "example.net"] as const;

/** What a forged reverse record says of the cloud's address: a name that is allowed. */
export const FORGED_NAME = "forged.endpoint.security.microsoft.com";

/** Names in the server's certificate. */
export const CERTIFICATE_NAMES = [
  ...DEFENDER_SUFFIXES,
  ...CERTIFICATE_SUFFIXES,
  ...FORBIDDEN_SUFFIXES,
].flatMap((suffix) => [suffix, `*.${suffix}`]);

/** The zone of the fake world. */
export function zone({ name, type }: Pick<Question, "name" | "type">): Answer {
  if (name === reverseName(CLOUD_ADDRESS)) return type === TYPES.PTR ? { ptr: FORGED_NAME } : "empty";
  if (![...DEFENDER_SUFFIXES, ...FORBIDDEN_SUFFIXES].some((suffix) => isUnder(name, suffix)))
    return "nxdomain";
  return type === TYPES.A ? { a: CLOUD_ADDRESS } : "empty";
}

/** 203.0.113.50 as 50.113.0.203.in-addr.arpa. */
export function reverseName(address: string): string {
  return `${address.split(".").toReversed().join(".")}.in-addr.arpa`;
}

function isUnder(name: string, suffix: string): boolean {
  return name === suffix || name.endsWith(`.${suffix}`);
}
