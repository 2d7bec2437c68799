import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import test, { type ExecutionContext } from "ava";
import { rsyslogText } from "../../../appliance/logging/rsyslog.ts";
import { tempFolder } from "../kit/temp.ts";
import { hasTool, TOOL_ENV } from "../kit/tools.ts";

/* The real rsyslog sends the proxy's lines to a syslog server over TLS; the server is a fake on loopback. */

const DRIVER = "/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so";
const canSend = hasTool("rsyslogd") && hasTool("openssl") && existsSync(DRIVER);
if (!canSend)
  console.log("skipped, not installed: rsyslog, rsyslog-gnutls, openssl: the remote log over TLS");
const sending = canSend ? test.serial : test.skip;

/** A key and a certificate for a name, signed by itself and so its own authority. */
function certificateFor(folder: string, name: string): { key: string; cert: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  const made = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    key,
    "-out",
    cert,
  ];
  execFileSync("openssl", ["req", "-x509", "-days", "2", ...made, ...subject], {
    env: TOOL_ENV,
    stdio: "pipe",
  });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

interface Receiver {
  port: number;
  /** Everything that came. */
  text(): string;
  /** Handshakes that the other side broke off. */
  refused(): number;
}

async function receive(t: ExecutionContext, identity: { key: string; cert: string }): Promise<Receiver> {
  let text = "";
  let refused = 0;
  const server: Server = createServer(identity, (socket) => {
    socket.on("data", (bytes) => {
      text += bytes.toString("utf8");
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      if (text === "") refused++;
    });
  });
  server.on("tlsClientError", () => refused++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  return { port: (server.address() as AddressInfo).port, text: () => text, refused: () => refused };
}

/** rsyslogd with the rendered file, made to run from a folder. */
function startRsyslog(t: ExecutionContext, folder: string, port: number, ca: string): ChildProcess {
  const authority = join(folder, "ca.pem");
  writeFileSync(authority, ca);
  for (const name of ["squid", "rsyslog", "state"]) mkdirSync(join(folder, name));
  const syslog = { host: "localhost", port, protocol: "tls", ca } as const;
  const text = rsyslogText({ retentionDays: 1, syslog }, authority) ?? "";
  const conf = join(folder, "rsyslog.conf");
  const head = `global(workDirectory="${join(folder, "state")}")\n`;
  writeFileSync(conf, head + text.replaceAll("/var/log/", `${folder}/`));
  const child = spawn("rsyslogd", ["-n", "-iNONE", "-f", conf], { env: TOOL_ENV, stdio: "ignore" });
  t.teardown(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null) await once(child, "exit");
  });
  return child;
}

/** Adds lines until one of them has had its effect: rsyslog takes only what comes after it has looked. */
async function writeUntil(log: string, isDone: () => boolean): Promise<boolean> {
  const end = performance.now() + 60_000;
  for (let number = 1; performance.now() < end; number++) {
    appendFileSync(log, `{"time":${number},"url":"go.microsoft.com:443"}\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (isDone()) return true;
  }
  return false;
}

sending("the proxy's lines arrive as counted messages of RFC 5424, each whole", async (t) => {
  const folder = tempFolder(t);
  const identity = certificateFor(folder, "localhost");
  const receiver = await receive(t, identity);
  startRsyslog(t, folder, receiver.port, identity.cert);

  t.true(await writeUntil(join(folder, "squid/access.log"), () => receiver.text() !== ""));

  const [, count = "", rest = ""] = /^(\d+) (.*)/s.exec(receiver.text()) ?? [];
  const message = rest.slice(0, Number(count));
  // local5.info is 21 * 8 + 6.
  t.regex(
    message,
    /^<174>1 \d{4}-\d\d-\d\dT\S+ \S+ squid - - - \{"time":\d+,"url":"go\.microsoft\.com:443"\}$/,
  );
});

sending("a server with another name's certificate gets nothing", async (t) => {
  const folder = tempFolder(t);
  const identity = certificateFor(folder, "elsewhere");
  const receiver = await receive(t, identity);
  startRsyslog(t, folder, receiver.port, identity.cert);

  t.true(await writeUntil(join(folder, "squid/access.log"), () => receiver.refused() > 0));
  t.is(receiver.text(), "");
});

sending("a server whose authority is not the one that is meant gets nothing", async (t) => {
  const folder = tempFolder(t);
  const receiver = await receive(t, certificateFor(folder, "localhost"));
  startRsyslog(t, folder, receiver.port, certificateFor(join(folder), "other").cert);

  t.true(await writeUntil(join(folder, "squid/access.log"), () => receiver.refused() > 0));
  t.is(receiver.text(), "");
});
