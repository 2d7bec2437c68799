import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

/** A Unix socket that waits for the one caller that will come. */
export interface Awaited {
  /** Resolves when it has called; nothing is polled. */
  socket: Promise<Socket>;
  close(): void;
}

/**
 * Listens on a Unix socket. QEMU calls us, not the other way round: so there is no moment in which its
 * socket is not there yet.
 */
export async function awaitCaller(path: string): Promise<Awaited> {
  const server: Server = createServer();
  const socket = new Promise<Socket>((resolve) => {
    server.once("connection", (caller) => {
      // A caller that dies resets the line; whoever reads it sees its end in "close".
      caller.on("error", () => {});
      resolve(caller);
    });
  });
  server.listen(path);
  await once(server, "listening");
  return { socket, close: () => void server.close() };
}
