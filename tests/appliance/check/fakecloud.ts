import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer as createPlain, type RequestListener } from "node:http";
import { createServer as createTls } from "node:https";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { makeCertificates } from "../../boot/kit/certificate.ts";
import type { Answer } from "../../boot/kit/dns.ts";
import { startDns } from "../../boot/kit/dnsserver.ts";

/** Where each kind of neighbour lives; all of them are addresses of `lo`. */
export const ADDRESSES = {
  good: "198.51.100.7",
  /** Nothing listens there. */
  closed: "198.51.100.8",
  /** Its certificate is from an authority that the test does not trust. */
  inspected: "198.51.100.9",
  /** Its certificate is for another name. */
  other: "198.51.100.10",
  /** It ends every connection at the first byte. */
  cut: "198.51.100.11",
  /** It takes connections and says nothing. */
  mute: "198.51.100.12",
} as const;

/** DNS servers, by what they do. */
export const SERVERS = {
  good: "10.1.1.5",
  closed: "10.1.1.6",
  mute: "10.1.1.7",
  empty: "10.1.1.8",
  servfail: "10.1.1.9",
  refused: "10.1.1.10",
} as const;

const NAMES = ["us", "uk", "au", "eu"].flatMap((region) => [
  `*.${region}.endpoint.security.microsoft.com`,
  `${region}-v20.events.endpoint.security.microsoft.com`,
]);
const CLOUD_NAMES = [...NAMES, "*.atp.azure.com"];

/** Names of workspaces say which neighbour is behind them. */
export function zone({ name, type }: { name: string; type: number }): Answer {
  if (type !== 1) return "empty";
  const workspace = /^(\w+)sensorapi\.atp\.azure\.com$/.exec(name)?.[1];
  if (workspace === "gone" || name.startsWith("edr-aus.")) return "nxdomain";
  const kind = Object.entries(ADDRESSES).find(([one]) => one === workspace)?.[1];
  if (kind !== undefined) return { a: kind };
  return /\.(microsoft|windowsupdate|azure)\.com$/.test(name) ? { a: ADDRESSES.good } : "nxdomain";
}

const PATHS: [RegExp, number][] = [
  [/^\/mdav\/test$/, 404],
  [/^\/storage\//, 400],
  [/^\/tri\/sensor\/api\/ping$/, 200],
  [/^\/(xplat\/api\/report|packages\/.*|edr\/commands\/test|ping)$/, 200],
  [/^\/(pki\/|msdownload\/)/, 200],
];

/** What Microsoft's servers answer, but for one host of the United Kingdom and the old workspace. */
const answer: RequestListener = ({ url = "", headers: { host = "" } }, response) => {
  const usual = PATHS.find(([path]) => path.test(url))?.[1] ?? 500;
  const status = host.startsWith("mdav.uk.") ? 500 : host.startsWith("oldsensorapi.") ? 503 : usual;
  response.writeHead(status).end();
};

/** Starts everything; the folder takes the keys. Returns the authorities that count as public. */
export async function startFakeCloud(folder: string): Promise<readonly string[]> {
  const made = async (name: string, names: readonly string[]) => {
    mkdirSync(join(folder, name));
    return makeCertificates(join(folder, name), names);
  };
  const [good, inspected, other] = await Promise.all([
    made("good", CLOUD_NAMES),
    made("inspected", CLOUD_NAMES),
    made("other", ["block.example"]),
  ]);
  await Promise.all([
    listening(createTls({ cert: good.certificate, key: good.key }, answer), ADDRESSES.good),
    listening(createTls({ cert: inspected.certificate, key: inspected.key }, answer), ADDRESSES.inspected),
    listening(createTls({ cert: other.certificate, key: other.key }, answer), ADDRESSES.other),
    listening(createPlain(answer), ADDRESSES.good, 80),
    listening(
      createServer((socket) => socket.on("error", () => {}).once("data", () => socket.destroy())),
      ADDRESSES.cut,
    ),
    listening(
      createServer((socket) => socket.on("error", () => {})),
      ADDRESSES.mute,
    ),
    startDns("127.0.0.53", zone),
    startDns(SERVERS.good, zone),
    startDns(SERVERS.empty, () => "nxdomain"),
    failingDns(SERVERS.servfail, 2),
    failingDns(SERVERS.refused, 5),
    failingDns(SERVERS.mute, undefined),
  ]);
  return [good.ca, other.ca];
}

async function listening(server: Server, address: string, port = 443): Promise<void> {
  server.listen(port, address);
  await once(server, "listening");
}

/** A DNS server that answers every question with one fault (RFC 1035, 4.1.1), or not at all. */
async function failingDns(address: string, rcode: number | undefined): Promise<void> {
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    if (rcode === undefined) return;
    const reply = Buffer.from(message);
    reply.writeUInt16BE(0x8180 | rcode, 2);
    socket.send(reply, from.port, from.address);
  });
  socket.bind(53, address);
  await once(socket, "listening");
}
