import { once } from "node:events";
import { createServer as createPlain, type RequestListener, type Server } from "node:http";
import { createServer as createTls } from "node:https";
import { CLOUD_ADDRESS, DNS_ADDRESS } from "./addresses.ts";
import { makeCertificates } from "./certificate.ts";
import { type DnsServer, startDns } from "./dnsserver.ts";
import { CERTIFICATE_NAMES, zone } from "./zone.ts";

/** The fake Defender cloud: names, TLS that answers and echoes, plain HTTP. */
export interface Cloud {
  /** PEM of its authority. */
  ca: string;
  dns: DnsServer;
  /** TCP connections taken so far, by port. */
  readonly connections: { tls: number; plain: number };
  close(): Promise<void>;
}

/** Starts it on the addresses of the namespace; `folder` takes its keys. */
export async function startCloud(folder: string): Promise<Cloud> {
  const { ca, certificate, key } = await makeCertificates(folder, CERTIFICATE_NAMES);
  const connections = { tls: 0, plain: 0 };
  const tls = createTls({ cert: certificate, key }, echo);
  const plain = createPlain(echo);
  tls.on("connection", () => {
    connections.tls += 1;
  });
  plain.on("connection", () => {
    connections.plain += 1;
  });
  const dns = await startDns(DNS_ADDRESS, zone);
  await Promise.all([listen(tls, 443), listen(plain, 80)]);
  return {
    ca,
    dns,
    connections,
    async close() {
      await Promise.all([dns.close(), ...[tls, plain].map(end)]);
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

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, CLOUD_ADDRESS);
  await once(server, "listening");
}

async function end(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
