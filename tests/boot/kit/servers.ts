import { once } from "node:events";
import type { Server } from "node:http";

/** Listens on one of the namespace's addresses. */
export async function listenOn(server: Server, port: number, address: string): Promise<void> {
  server.listen(port, address);
  await once(server, "listening");
}

/** Ends a server with every connection that is open. */
export async function endServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
