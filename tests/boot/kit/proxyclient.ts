import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Head, parseHead } from "./httphead.ts";
import { ANSWER_PATIENCE } from "./patience.ts";

/** Where the proxy is, and as whom to come. */
export interface ProxyRoute {
  host: string;
  port: number;
  /** The client's own address; decides whom the guest sees. */
  localAddress: string;
  /** Milliseconds to wait for any answer; `ANSWER_PATIENCE` by default. */
  timeout?: number;
}

/**
 * What came of a request: an answer of the proxy, or why there was none.
 * `closed`: the connection ended without a byte; `silent`: no byte within the timeout.
 */
export type Outcome =
  | { kind: "answer"; head: Head; body: string }
  | { kind: "refused" | "closed" | "silent" };

/** `CONNECT host:port`, and what the proxy said. The connection is closed again. */
export async function connectOnly(route: ProxyRoute, target: string): Promise<Outcome> {
  const text = `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`;
  const { outcome, socket } = await ask(route, text);
  socket?.destroy();
  return outcome;
}

/** `GET http://host/path` through the proxy, as it was before tunnels. */
export async function getThrough(route: ProxyRoute, url: string): Promise<Outcome> {
  const { host } = new URL(url);
  const { outcome, socket } = await ask(
    route,
    `GET ${url} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  );
  if (outcome.kind !== "answer" || socket === undefined) return outcome;
  const rest = await readAll(socket, route.timeout ?? ANSWER_PATIENCE);
  return { ...outcome, body: outcome.body + rest };
}

/** Any bytes, and the first answer; for requests that no honest client sends. */
export async function sendRaw(route: ProxyRoute, text: string): Promise<Outcome> {
  const { outcome, socket } = await ask(route, text);
  socket?.destroy();
  return outcome;
}

/**
 * A tunnel to `name:443`, TLS inside it checked against the test authority, a body posted and read back.
 *
 * @param servername what the hello says, where that is another name.
 * @returns the proxy's status, the server's status, and the body that came back.
 * @throws Error when the proxy gives no tunnel or the TLS is not the fake cloud's.
 */
export async function echoThrough(
  route: ProxyRoute,
  name: string,
  ca: string,
  body: string,
  servername = name,
): Promise<{ proxyStatus: number; status: number; body: string; host: string | undefined }> {
  const { outcome, socket } = await ask(route, `CONNECT ${name}:443 HTTP/1.1\r\nHost: ${name}:443\r\n\r\n`);
  if (outcome.kind !== "answer" || outcome.head.status !== 200 || socket === undefined) {
    socket?.destroy();
    throw new Error(`no tunnel to ${name}: ${describe(outcome)}`);
  }
  const tunnel = connectTls({ socket, servername, ca });
  const timeout = route.timeout ?? ANSWER_PATIENCE;
  await once(tunnel, "secureConnect", { signal: AbortSignal.timeout(timeout) });
  const length = Buffer.byteLength(body);
  const head = `POST /echo HTTP/1.1\r\nHost: ${name}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
  tunnel.write(head + body);
  const answer = await readAll(tunnel, timeout);
  const parsed = parseHead(answer);
  if (parsed === undefined) throw new Error(`no HTTP answer inside the tunnel: ${JSON.stringify(answer)}`);
  return {
    proxyStatus: outcome.head.status,
    status: parsed.head.status,
    body: parsed.rest,
    host: parsed.head.headers.get("x-cloud-host"),
  };
}

/** One line for an assertion's message. */
export function describe(outcome: Outcome): string {
  return outcome.kind === "answer" ? `${outcome.head.status} ${outcome.head.reason}` : outcome.kind;
}

async function ask(route: ProxyRoute, text: string): Promise<{ outcome: Outcome; socket?: Socket }> {
  const { host, port, localAddress, timeout = ANSWER_PATIENCE } = route;
  const socket = connect({ host, port, localAddress });
  const outcome = await new Promise<Outcome>((resolve, reject) => {
    let came = "";
    const timer = setTimeout(() => resolve({ kind: "silent" }), timeout);
    const settle = (result: Outcome): void => {
      clearTimeout(timer);
      socket.removeAllListeners("data");
      resolve(result);
    };
    socket.on("connect", () => socket.write(text));
    socket.on("error", (error) => {
      settle({ kind: "code" in error && error.code === "ECONNREFUSED" ? "refused" : "closed" });
    });
    socket.on("close", () => settle({ kind: "closed" }));
    socket.on("data", (bytes: Buffer) => {
      came += bytes.toString("latin1");
      try {
        const parsed = parseHead(came);
        if (parsed === undefined) return;
        socket.pause();
        settle({ kind: "answer", head: parsed.head, body: parsed.rest });
      } catch (error) {
        socket.destroy();
        clearTimeout(timer);
        reject(error);
      }
    });
  });
  if (outcome.kind === "answer") return { outcome, socket };
  socket.destroy();
  return { outcome };
}

function readAll(socket: Socket, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let came = "";
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end of the answer after ${timeout / 1000} s; so far: ${JSON.stringify(came)}`));
    }, timeout);
    socket.on("data", (bytes: Buffer) => {
      came += bytes.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(came);
    });
    socket.resume();
  });
}
