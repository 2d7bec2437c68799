import { connect, type Socket } from "node:net";
import { type Head, readHead } from "./head.ts";

/** What came of asking the local proxy for a tunnel. */
export type Tunnel =
  | { kind: "open"; socket: Socket }
  /** `error`: Squid's own name of the fault, such as ERR_DNS_FAIL; empty where another proxy answered. */
  | { kind: "refused"; status: number; error: string }
  /** The proxy does not listen. */
  | { kind: "silent" }
  /** It listens, and had no connection in time. */
  | { kind: "late" };

/** Where a request goes, and how long it may take in all, in milliseconds. */
export interface Way {
  proxyPort: number;
  timeout: number;
}

/** Asks the proxy on this machine for a tunnel. Whoever gets an open one destroys its socket. */
export async function openTunnel(host: string, port: number, { proxyPort, timeout }: Way): Promise<Tunnel> {
  const socket = connect(proxyPort, "127.0.0.1", () => {
    socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
  });
  const head = await readHead(socket, timeout);
  if (head?.status === 200) return { kind: "open", socket };
  return ended(socket, head);
}

/** What an answer without a tunnel means. A socket that is still open was waited for in vain. */
function ended(socket: Socket, head: Head | undefined): Exclude<Tunnel, { kind: "open" }> {
  const isWaiting = socket.readyState === "open";
  socket.destroy();
  if (head !== undefined) return { kind: "refused", status: head.status, error: head.squidError };
  return { kind: isWaiting ? "late" : "silent" };
}

/** One request on port 80, as a client makes it of a proxy. */
export async function askPlain(
  method: "GET" | "HEAD",
  host: string,
  path: string,
  { proxyPort, timeout }: Way,
): Promise<Exclude<Tunnel, { kind: "open" }> | { kind: "answered"; status: number }> {
  const socket = connect(proxyPort, "127.0.0.1", () => {
    socket.write(requestText(method, host, path, `http://${host}`));
  });
  const head = await readHead(socket, timeout);
  const isAnswer = head !== undefined && head.squidError === "";
  const end = ended(socket, head);
  return isAnswer ? { kind: "answered", status: head.status } : end;
}

/** A request without a body; what answers closes the connection after it. */
export function requestText(method: "GET" | "HEAD", host: string, path: string, before = ""): string {
  return `${method} ${before}${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: posternctl\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
}
