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
import { connect, createServer, type Server } from "node:net";
import { serveNames } from "./dns.ts";
import { CLIENT, CLOUD, PRIVATE, type Scenario, STRANGER, UPSTREAM } from "./scenarios.ts";

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

const results: Record<string, { status: number; server: string; body: string }> = {};
for (const [name, { request, from }] of Object.entries(scenario.probes))
  results[name] = await ask(request, from ?? CLIENT);

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

/** Sends one request; through a tunnel that opens, sends a word that must come back. */
function ask(
  request: string,
  localAddress: string,
): Promise<{ status: number; server: string; body: string }> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ port: 3128, host: CLIENT, localAddress }, () => socket.write(request));
    const end = () => {
      socket.destroy();
      const [head = "", body = ""] = text.split("\r\n\r\n", 2);
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0);
      resolve({ status, server: /^Server: (.*)\r?$/im.exec(head)?.[1] ?? "", body: body.slice(0, 60) });
    };
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      if (text.endsWith("\r\n\r\n") && request.startsWith("CONNECT") && /^HTTP\/1\.1 200/.test(text))
        socket.write("hello");
      if (text.endsWith("hello")) end();
      // A refusal keeps the connection open for the next request.
      if (request.startsWith("CONNECT") && /^HTTP\/1\.1 [^2][\s\S]*\r\n\r\n/.test(text)) end();
    });
    socket.on("end", end);
    socket.on("error", end);
    socket.setTimeout(20_000, end);
  });
}
