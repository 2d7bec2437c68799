import { createServer, type Server, type Socket } from "node:net";
import type { Reached } from "../../../builder/attack/probe.ts";

/** Ports on which every address of the lab answers: what a forgotten rule lets through is seen. */
const PORTS = [21, 22, 25, 70, 80, 443, 3389, 5000, 8080, 8443, 8888];
const PLAIN = [80, 8080];
const MOST_KEPT = 8192;

/** Servers that take whatever comes, remember it, and answer. */
export interface World {
  /** What was reached since it was asked last. */
  taken(): Reached[];
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  let seen: Reached[] = [];
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  for (const port of PORTS) {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => {});
      const address = (socket.localAddress ?? "").replace(/^::ffff:/, "");
      let reached: Reached = { at: `${address}:${port}`, bytes: "" };
      seen.push(reached);
      socket.on("data", (bytes: Buffer) => {
        // A connection that the proxy uses again is reached again.
        if (!seen.includes(reached)) {
          reached = { at: reached.at, bytes: "" };
          seen.push(reached);
        }
        reached.bytes += bytes.toString("latin1").slice(0, MOST_KEPT - reached.bytes.length);
        if (!PLAIN.includes(port)) socket.write(`reached ${reached.at}\r\n`);
        else if (bytes.includes("\r\n\r\n")) socket.write(page(reached.at));
      });
    });
    // Both families.
    await new Promise<void>((resolve) => server.listen(port, "::", resolve));
    servers.push(server);
  }
  return {
    taken() {
      const all = seen;
      seen = [];
      return all;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** A page that any cache would keep. */
function page(at: string): string {
  const body = `reached ${at}\n`;
  return (
    "HTTP/1.1 200 OK\r\nCache-Control: public, max-age=86400\r\nContent-Type: text/plain\r\n" +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}
