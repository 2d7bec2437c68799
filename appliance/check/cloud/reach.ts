import type { Duplex } from "node:stream";
import { type Certificate, connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
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
  | { kind: "silent" };

export interface Asked {
  host: string;
  port: 80 | 443;
  /** Undefined: TLS is enough. */
  request?: { method: "GET" | "HEAD"; path: string };
}

export interface ReachOptions extends Way {
  ca: readonly string[] | undefined;
}

/** Longer than any real chain. */
const MOST_ISSUERS = 10;

/** Goes to a host through the proxy on this machine: plain HTTP on port 80, else a tunnel and TLS inside. */
export async function reach({ host, port, request }: Asked, options: ReachOptions): Promise<Reach> {
  if (port === 80) {
    const answer = await askPlain(request?.method ?? "HEAD", host, request?.path ?? "/", options);
    if (answer === undefined) return { kind: "silent" };
    if (answer.error === "") return { kind: "answered", status: answer.status };
    return { kind: "refused", ...answer };
  }
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
