import { createServer as createPlain, type RequestListener } from "node:http";
import { createServer as createTls } from "node:https";
import type { Socket } from "node:net";
import { CLOUD_ADDRESS, DNS_ADDRESS } from "./addresses.ts";
import { makeCertificates } from "./certificate.ts";
import { type DnsServer, startDns } from "./dnsserver.ts";
import { endServer, listenOn } from "./servers.ts";
import { CERTIFICATE_NAMES, zone } from "./zone.ts";

/** The fake Defender cloud: names, TLS that answers and echoes, plain HTTP. */
export interface Cloud {
  /** PEM of its authority. */
  ca: string;
  dns: DnsServer;
  /**
   * What came so far, by TLS and by plain HTTP. The appliance asks its own questions here from time to time, and each of them says a name;
   * a connection without a word is a tunnel that somebody opened.
   */
  readonly seen: { requests: number; mute: number; names: ReadonlySet<string> };
  close(): Promise<void>;
}

/** Starts it on the addresses of the namespace; `folder` takes its keys. */
export async function startCloud(folder: string): Promise<Cloud> {
  const { ca, certificate, key } = await makeCertificates(folder, CERTIFICATE_NAMES);
  const names = new Set<string>();
  const seen = { requests: 0, mute: 0, names };
  const answer: RequestListener = (request, response) => {
    seen.requests += 1;
    names.add((request.headers.host ?? "").replace(/:\d+$/, ""));
    echo(request, response);
  };
  const tls = createTls({ cert: certificate, key }, answer);
  const plain = createPlain(answer);
  for (const server of [tls, plain]) {
    server.on("connection", (socket: Socket) => {
      socket.once("close", () => {
        if (socket.bytesRead === 0) seen.mute += 1;
      });
    });
  }
  const dns = await startDns(DNS_ADDRESS, zone);
  await Promise.all([listenOn(tls, 443, CLOUD_ADDRESS), listenOn(plain, 80, CLOUD_ADDRESS)]);
  return {
    ca,
    dns,
    seen,
    async close() {
      await Promise.all([dns.close(), ...[tls, plain].map(endServer)]);
    },
  };
}

/** 200, the body that came, and in headers whom it was meant for. */
const echo: RequestListener = (request, response) => {
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    // Said, so that the answer needs no chunks and a raw client reads it as it came.
    "content-length": request.headers["content-length"] ?? "0",
    "x-cloud-host": request.headers.host ?? "",
    "x-cloud-path": request.url ?? "",
  });
  request.pipe(response);
};
