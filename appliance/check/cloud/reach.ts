import type { Duplex } from "node:stream";
import { type Certificate, connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { type CheckContext, worldOf } from "../check.ts";
import { askServer } from "../layers/ask.ts";
import { judgeCertificate, type Names, type Presented, type Verdict } from "./certificate.ts";
import { readHead } from "./head.ts";
import { askPlain, openTunnel, requestText, type Way } from "./tunnel.ts";

/** How far a request through the local proxy came. */
export type Reach =
  | { kind: "answered"; status: number }
  /** TLS is up, and nothing was asked inside. */
  | { kind: "secured"; issuer: string }
  | { kind: "certificate"; verdict: Exclude<Verdict, { kind: "good" }> }
  /** The connection ended or stood still after the tunnel was open. */
  | { kind: "cut"; during: "tls" | "answer" }
  | { kind: "refused"; status: number; error: string }
  | { kind: "silent" | "late" };

export interface Asked {
  host: string;
  port: 80 | 443;
  /** Undefined: TLS is enough. */
  request?: { method: "GET" | "HEAD"; path: string };
}

export interface ReachOptions extends Way {
  ca: readonly string[] | undefined;
  /** Who knows names where Squid itself has to find them; undefined with a proxy behind it. */
  names: { resolver: string; dnsPort: number } | undefined;
}

/** The ways of a machine as its checks use them. */
export function waysOf(context: CheckContext): ReachOptions {
  const { proxyPort, timeout, ca, resolver, dnsPort } = worldOf(context);
  const isDirect = context.settings?.proxy.upstream === undefined;
  return { proxyPort, timeout, ca, names: isDirect ? { resolver, dnsPort } : undefined };
}

/** Whether Squid did not find the name. */
export function isMissing(way: Reach | undefined): boolean {
  return way?.kind === "refused" && way.error === DNS_FAIL;
}

/** Squid's name of that fault: https://wiki.squid-cache.org/Features/CustomErrors */
export const DNS_FAIL = "ERR_DNS_FAIL";

/** Longer than any real chain. */
const MOST_ISSUERS = 10;

/** Goes to a host through the proxy on this machine: plain HTTP on port 80, else a tunnel and TLS inside. */
export async function reach(asked: Asked, options: ReachOptions): Promise<Reach> {
  const { host, port, request } = asked;
  const way =
    port === 443
      ? await reachTls(asked, options)
      : await askPlain(request?.method ?? "HEAD", host, request?.path ?? "/", options);
  if (port === 80 && isOfUpstream(way, options)) return { kind: "refused", status: way.status, error: "" };
  // Squid 5 says the same when it finds no name and when it finds no way; who knows names can tell.
  if (way.kind !== "refused" || way.error !== "ERR_CANNOT_FORWARD" || options.names === undefined) return way;
  const { resolver, dnsPort } = options.names;
  const answer = await askServer(resolver, dnsPort, host);
  return answer.kind === "address" ? way : { ...way, error: DNS_FAIL };
}

/** On port 80 the answer of a proxy behind this one looks like the server's own; these two never are Microsoft's. */
function isOfUpstream(way: Reach, { names }: ReachOptions): way is Reach & { kind: "answered" } {
  return way.kind === "answered" && (way.status === 407 || (names === undefined && way.status === 403));
}

async function reachTls({ host, port, request }: Asked, options: ReachOptions): Promise<Reach> {
  const tunnel = await openTunnel(host, port, options);
  if (tunnel.kind !== "open") return tunnel;
  try {
    const secured = await secure(tunnel.socket, host, options);
    if (secured === undefined) return { kind: "cut", during: "tls" };
    const verdict = judgeCertificate(presented(secured));
    if (verdict.kind !== "good") return { kind: "certificate", verdict };
    if (request === undefined) return { kind: "secured", issuer: verdict.issuer };
    secured.write(requestText(request.method, host, request.path));
    const head = await readHead(secured, options.timeout);
    return head === undefined ? { kind: "cut", during: "answer" } : { kind: "answered", status: head.status };
  } finally {
    tunnel.socket.destroy();
  }
}

/** TLS on an open tunnel, whatever the certificate; undefined when it does not come up. */
function secure(socket: Duplex, host: string, { ca, timeout }: ReachOptions): Promise<TLSSocket | undefined> {
  return new Promise((resolve) => {
    // Every certificate is taken, so that it can be judged; nothing secret is sent.
    const secured = connect({
      socket,
      servername: host,
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca: [...ca] }),
    });
    const timer = setTimeout(() => end(undefined), timeout);
    const end = (value: TLSSocket | undefined): void => {
      clearTimeout(timer);
      resolve(value);
    };
    secured.on("secureConnect", () => end(secured));
    secured.on("error", () => end(undefined));
    secured.on("close", () => end(undefined));
  });
}

function presented(secured: TLSSocket): Presented {
  const certificate: DetailedPeerCertificate = secured.getPeerCertificate(true);
  const issuers: Names[] = [];
  for (let one = certificate; issuers.length < MOST_ISSUERS; one = one.issuerCertificate) {
    if (one?.issuer === undefined) break;
    issuers.push(namesOf(one.issuer));
    // A root is its own issuer.
    if (one.issuerCertificate === undefined || one.issuerCertificate === one) break;
  }
  const fault = secured.authorized ? undefined : String(secured.authorizationError);
  return { fault, issuers, subject: namesOf(certificate.subject) };
}

function namesOf(name: Certificate | undefined): Names {
  // A part that stands there more than once comes as a list.
  const first = (part: string | string[] | undefined): string => [part ?? ""].flat()[0] ?? "";
  return { common: first(name?.CN), organisation: first(name?.O) };
}
