/*
 * Runs inside a network namespace of its own (see squid.test.ts): a fake cloud, a DNS server, another proxy,
 * Squid with the rendered rules, and clients. Prints one JSON line: what each probe got, the access log, the
 * names that were looked up, and what the other proxy was asked.
 *
 * argv: the squid.conf, the access log, a file with the scenario.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { serveNames } from "./dns.ts";
import {
  type Answer,
  CLIENT,
  CLOUD,
  type Inside,
  PRIVATE,
  type Probe,
  type Scenario,
  STRANGER,
  UPSTREAM,
} from "./scenarios.ts";
import { tlsHello } from "./tlshello.ts";

const [conf = "", accessLog = "", scenarioFile = ""] = process.argv.slice(2);
const scenario: Scenario = JSON.parse(readFileSync(scenarioFile, "utf8"));

execFileSync("ip", ["link", "set", "lo", "up"]);
for (const address of [CLOUD, CLIENT, STRANGER, PRIVATE, UPSTREAM, "10.0.0.5"]) {
  execFileSync("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
}

const echo = createServer((socket) => socket.pipe(socket));
const web = createHttpServer((_request, response) => response.end("content of the list"));
// Listens on every address: what a forgotten rule lets through would answer.
await Promise.all([
  ...[443, 8443].map((port) =>
    listening(port === 443 ? echo : createServer((socket) => socket.pipe(socket)), port),
  ),
  listening(web, 80),
  listening(createServer(), 22),
]);
const asked = await serveNames(scenario.names);

// The other proxy knows every name and opens every tunnel.
const passedOn: string[] = [];
const upstream = createHttpServer((request, response) => {
  passedOn.push(`${request.method} ${request.url}`);
  response.end("content by the other proxy");
});
upstream.on("connect", (request, socket) => {
  passedOn.push(`CONNECT ${request.url}`);
  socket.write("HTTP/1.1 200 OK\r\n\r\n");
  socket.pipe(socket);
  socket.on("error", () => {});
});
await listening(upstream, 8080);

const squid = spawn("squid", ["-N", "-f", conf], { stdio: ["ignore", "inherit", "inherit"] });
squid.on("exit", (code) => {
  if (code !== 0 && code !== null) process.exit(1);
});
const nothingAsked = "transaction-end-before-headers";
while (!(await isOpen())) await new Promise((resolve) => setTimeout(resolve, 50));

const results: Record<string, Answer> = {};
for (const [name, probe] of Object.entries(scenario.probes)) results[name] = await ask(probe);

squid.kill("SIGTERM");
await new Promise((resolve) => squid.on("exit", resolve));
const log = existsSync(accessLog) ? readFileSync(accessLog, "utf8") : "";
// Without the line of the connection that only waited for the start.
const lines = log
  .split("\n")
  .filter((line) => !line.includes(nothingAsked))
  .join("\n");
process.stdout.write(`\nRESULT ${JSON.stringify({ results, log: lines, asked, passedOn })}\n`, () =>
  process.exit(0),
);

/** Whether all of a refusal has come: as many bytes as its head says. */
function isWhole(text: string): boolean {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const length = /^Content-Length: (\d+)/im.exec(head)?.[1];
  return length !== undefined && body.join("\r\n\r\n").length >= Number(length);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, "0.0.0.0", resolve));
}

function isOpen(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(3128, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** Sends one request; through a tunnel that opens, sends what must come back. */
async function ask({ request, from = CLIENT, inside }: Probe): Promise<Answer> {
  const parts = await partsOf(inside);
  const sent = Buffer.concat(parts).toString("latin1");
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ port: 3128, host: CLIENT, localAddress: from }, () => socket.write(request));
    socket.setNoDelay(true);
    const end = () => {
      socket.destroy();
      const [head = "", ...body] = text.split("\r\n\r\n");
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0);
      const came = body.join("\r\n\r\n");
      resolve({ status, head, body: came === sent ? "came back" : came });
    };
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const isOpen = /^HTTP\/1\.1 200/.test(text);
      if (isOpen && request.startsWith("CONNECT")) {
        if (text.endsWith("\r\n\r\n")) void sendSlowly(socket, parts);
        if (text.endsWith(sent)) end();
      }
      // A refusal keeps the connection open for the next request.
      if (!isOpen && isWhole(text)) end();
    });
    socket.on("end", end);
    socket.on("error", end);
    socket.setTimeout(20_000, end);
  });
}

async function partsOf(inside: Inside = { bytes: "hello" }): Promise<Buffer[]> {
  if ("bytes" in inside) return [Buffer.from(inside.bytes, "latin1")];
  const hello = await tlsHello(inside.sni);
  const size = Math.ceil(hello.length / (inside.pieces ?? 1));
  return Array.from({ length: inside.pieces ?? 1 }, (_, n) => hello.subarray(n * size, (n + 1) * size));
}

/** Each part as a segment of its own. */
async function sendSlowly(socket: Socket, parts: readonly Buffer[]): Promise<void> {
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
