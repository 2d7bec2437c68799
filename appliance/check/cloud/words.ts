import type { Settings } from "../../settings/settings.ts";
import type { Verdict } from "./certificate.ts";
import { DNS_FAIL, type Reach } from "./reach.ts";

/** The proxy behind this one, where there is one. */
export type Upstream = Settings["proxy"]["upstream"];

/** What was seen, in words that follow the host's name, and the next step. */
export interface Words {
  detail: string;
  next: string;
}

const LOOK = "posternctl check names the part that fails.";

/** What a way that ended early means. */
export function reachWords(
  reach: Exclude<Reach, { kind: "secured" }>,
  { host, upstream }: { host: string; upstream: Upstream },
): Words {
  switch (reach.kind) {
    case "answered":
      return {
        detail: `answers ${reach.status}`,
        next: "The way there is in order; Microsoft's server answers unusually. Try again later.",
      };
    case "certificate":
      return certificateWords(reach.verdict);
    case "cut":
      return reach.during === "tls"
        ? {
            detail: "connects, but TLS does not come up",
            next: "A firewall on the way lets the connection begin and stops it then: allow this name there.",
          }
        : { detail: "takes the connection, but does not answer", next: "Try again in a minute." };
    case "refused":
      return refusedWords(reach, host, upstream);
    case "late":
      return { detail: "no connection comes about", next: upstream === undefined ? OPEN : UPSTREAM };
    case "silent":
      return { detail: "is not asked, because the proxy does not answer", next: LOOK };
  }
}

const INSPECTION =
  "Defender breaks under TLS inspection: exempt this machine, or Microsoft's Defender names, from it.";
const CLOCK = "Is this machine's clock right? timedatectl shows it.";

function certificateWords(verdict: Exclude<Verdict, { kind: "good" }>): Words {
  const { issuer } = verdict;
  switch (verdict.kind) {
    case "inspected":
      return { detail: `TLS is inspected on the way: the certificate is from ${issuer}`, next: INSPECTION };
    case "other":
      return {
        detail: `another server answers: its certificate is for ${verdict.subject}, from ${issuer}`,
        next: "A DNS filter or a block page is on the way: let the name resolve to Microsoft.",
      };
    case "expired":
      return { detail: `the certificate from ${issuer} is no longer valid`, next: CLOCK };
    case "not-yet":
      return { detail: `the certificate from ${issuer} is not valid yet`, next: CLOCK };
  }
}

const OPEN = "Open TCP ports 443 and 80 from this machine to the internet on the firewall before it.";
const UPSTREAM = "Does the upstream proxy run, and may this machine use it?";

function refusedWords(
  { status, error }: { status: number; error: string },
  host: string,
  upstream: Upstream,
): Words {
  if (error === "ERR_POSTERN_FULL") {
    return {
      detail: "is refused for want of room for another tunnel (403)",
      next: "Give this machine more virtual processors, or its clients a second one.",
    };
  }
  const isSquids = error === "ERR_ACCESS_DENIED" || error.startsWith("ERR_POSTERN_");
  if (isSquids && upstream !== undefined) {
    // The answer of an upstream Squid comes through as it is.
    return {
      detail: "is refused by this proxy or by the upstream proxy (403)",
      next: `posternctl endpoints explain ${host} says whether this one allows it; if so, allow it on ${upstream.host}.`,
    };
  }
  if (isSquids) {
    return {
      detail: "is refused by this proxy (403)",
      next: `posternctl endpoints explain ${host} says why.`,
    };
  }
  if (error === DNS_FAIL) {
    return {
      detail: `is not found in DNS (${status})`,
      next: "Let the DNS servers resolve Microsoft's names; a DNS filter may hide this one.",
    };
  }
  if (status === 407) {
    return {
      detail: "the upstream proxy asks for a login (407)",
      next: "Let this machine use the upstream proxy without a login: Defender has none.",
    };
  }
  if (status === 403) {
    return {
      detail: "is refused by the upstream proxy (403)",
      next: "Allow this machine and Microsoft's Defender names on the upstream proxy.",
    };
  }
  const detail = `cannot be connected to (${status}${error === "" ? "" : ` ${error}`})`;
  if (upstream === undefined) return { detail, next: OPEN };
  return { detail: `${detail} through ${upstream.host}:${upstream.port}`, next: UPSTREAM };
}
