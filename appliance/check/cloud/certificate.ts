/** What a certificate means for Defender, which takes none but Microsoft's own. */
export type Verdict =
  | { kind: "good"; issuer: string }
  /** Signed by somebody no public list knows: TLS is opened and closed again on the way. */
  | { kind: "inspected"; issuer: string }
  /** Public, but for other names: something else answers there. */
  | { kind: "other"; issuer: string; subject: string }
  | { kind: "expired"; issuer: string }
  | { kind: "not-yet"; issuer: string };

/** What Node says of the other side. */
export interface Presented {
  /** Undefined: in order. Else the code of OpenSSL or Node. */
  fault: string | undefined;
  /** Names of who signed, from the server's certificate to the last one that was sent. */
  issuers: readonly Names[];
  subject: Names;
}

/** Parts of an X.509 name; empty where there are none. */
export interface Names {
  common: string;
  organisation: string;
}

/**
 * Some hosts of Defender chain to a root of Microsoft that is on Windows only, so the fault alone does not tell
 * inspection. A false certificate that names Microsoft would pass here; the clients, which pin it, are not
 * fooled, and inspection products sign in their own name.
 */
const MICROSOFT = "Microsoft Corporation";

export function judgeCertificate({ fault, issuers, subject }: Presented): Verdict {
  const issuer = nameOf(issuers[0]);
  if (fault === undefined) return { kind: "good", issuer };
  if (fault === "CERT_HAS_EXPIRED") return { kind: "expired", issuer };
  if (fault === "CERT_NOT_YET_VALID") return { kind: "not-yet", issuer };
  if (fault === "ERR_TLS_CERT_ALTNAME_INVALID") return { kind: "other", issuer, subject: nameOf(subject) };
  const isMicrosoft = issuers.length > 0 && issuers.every(({ organisation }) => organisation === MICROSOFT);
  return isMicrosoft ? { kind: "good", issuer } : { kind: "inspected", issuer };
}

/** Comes from the other side and goes to a terminal: plain ASCII, and short. */
function nameOf(names: Names | undefined): string {
  const parts = [names?.common ?? "", names?.organisation ?? ""].filter((part) => part !== "");
  const text = [...new Set(parts)].join(", ");
  return text === "" ? "nobody" : text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 100);
}
