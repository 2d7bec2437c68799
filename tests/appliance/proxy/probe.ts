/*
 * Runs inside a network namespace of its own (see squid.test.ts): a fake cloud, Squid with the rendered rules,
 * and clients. Prints one JSON line: what each probe got, and the access log.
 *
 * argv: the squid.conf, the access log.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type Server } from "node:net";

const [conf = "", accessLog = ""] = process.argv.slice(2);
const CLOUD = "198.51.100.7";
const CLIENT = "10.20.0.9";
const STRANGER = "10.99.0.9";

execFileSync("ip", ["link", "set", "lo", "up"]);
for (const address of [CLOUD, CLIENT, STRANGER, "10.0.0.5"]) {
  execFileSync("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
}

const echo = createServer((socket) => socket.pipe(socket));
const web = createHttpServer((_request, response) => response.end("content of the list"));
// Listens on every address: what a forgotten rule lets through would answer.
await Promise.all([listening(echo, 443), listening(web, 80), listening(createServer(), 22)]);

const squid = spawn("squid", ["-N", "-f", conf], { stdio: ["ignore", "inherit", "inherit"] });
squid.on("exit", (code) => {
  if (code !== 0 && code !== null) process.exit(1);
});
const nothingAsked = "transaction-end-before-headers";
while (!(await isOpen())) await new Promise((resolve) => setTimeout(resolve, 50));

const tunnel = (target: string) => `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`;
const get = (url: string, method = "GET") =>
  `${method} ${url} HTTP/1.1\r\nHost: www.microsoft.com\r\nConnection: close\r\n\r\n`;
const PROBES: Record<string, { request: string; from?: string }> = {
  "allowed tunnel": { request: tunnel("go.microsoft.com:443") },
  "allowed in capitals with a dot": { request: tunnel("GO.Microsoft.com.:443") },
  "another name": { request: tunnel("www.example.com:443") },
  "allowed name, port 22": { request: tunnel("go.microsoft.com:22") },
  "allowed name, port 80": { request: tunnel("go.microsoft.com:80") },
  "an address": { request: tunnel(`${CLOUD}:443`) },
  "an IPv6 address": { request: tunnel("[2001:db8::7]:443") },
  "a decimal address": { request: tunnel("3325256711:443") },
  "another client": { request: tunnel("go.microsoft.com:443"), from: STRANGER },
  "the machine itself": { request: tunnel("go.microsoft.com:443"), from: "127.0.0.1" },
  "the machine itself, another name": { request: tunnel("www.example.com:443"), from: "127.0.0.1" },
  "the machine itself, port 22": { request: tunnel("go.microsoft.com:22"), from: "127.0.0.1" },
  "the machine itself, to its inside": {
    request: tunnel("definitionupdates.microsoft.com:443"),
    from: "127.0.0.1",
  },
  "the machine itself, cache manager": {
    request: get("http://postern:3128/squid-internal-mgr/info"),
    from: "127.0.0.1",
  },
  "allowed name that leads inside": { request: tunnel("definitionupdates.microsoft.com:443") },
  "allowed name that leads to loopback": { request: tunnel("config.edge.skype.com:443") },
  "allowed web": { request: get("http://www.microsoft.com/pkiops/a.crl?secret=1") },
  "web to another name": { request: get("http://www.example.com/") },
  "web by POST": { request: get("http://www.microsoft.com/", "POST") },
  "web by TRACE": { request: get("http://www.microsoft.com/", "TRACE") },
  "web on another port": { request: get("http://www.microsoft.com:8080/") },
  ftp: { request: get("ftp://www.microsoft.com/") },
  "cache manager": { request: get("http://postern:3128/squid-internal-mgr/info") },
  "a name that would leave JSON": { request: get('http://www.example.com/"},{"a\\') },
};

const results: Record<string, { status: number; server: string; body: string }> = {};
for (const [name, { request, from }] of Object.entries(PROBES))
  results[name] = await ask(request, from ?? CLIENT);

squid.kill("SIGTERM");
await new Promise((resolve) => squid.on("exit", resolve));
const log = existsSync(accessLog) ? readFileSync(accessLog, "utf8") : "";
// Without the line of the connection that only waited for the start.
const asked = log
  .split("\n")
  .filter((line) => !line.includes(nothingAsked))
  .join("\n");
process.stdout.write(`\nRESULT ${JSON.stringify({ results, log: asked })}\n`, () => process.exit(0));

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
