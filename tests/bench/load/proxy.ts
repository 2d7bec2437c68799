import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** What a tiny proxy does with every CONNECT. */
export type Manner = "echo" | "refuse" | "hang" | "reset" | "close" | "deaf" | "pour";

export interface TinyProxy {
  port: number;
  /** Ends one tunnel from its side. */
  dropOne(): void;
  close(): void;
}

const OPEN = "HTTP/1.1 200 Connection established\r\n\r\n";

/** A proxy that is also the server at the other end of its tunnels. */
export async function startProxy(manner: Manner): Promise<TinyProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.once("data", () => answer(socket, manner));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" ? (address?.port ?? 0) : 0,
    dropOne() {
      for (const socket of sockets) return void socket.destroy();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function answer(socket: Socket, manner: Manner): void {
  if (manner === "refuse") return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  if (manner === "hang") return;
  if (manner === "reset") return void socket.resetAndDestroy();
  if (manner === "close") return void socket.end();
  socket.write(OPEN);
  if (manner === "pour") socket.write(Buffer.alloc(64 * 1024), () => pourOn(socket));
  else socket.on("data", (bytes) => manner === "echo" && socket.write(bytes));
}

function pourOn(socket: Socket): void {
  if (!socket.destroyed) socket.write(Buffer.alloc(64 * 1024), () => setImmediate(pourOn, socket));
}
