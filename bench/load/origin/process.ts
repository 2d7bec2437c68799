import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { assertOwn } from "../guard.ts";

/** One process with origins: servers that give back what they get, or send without end. */

/** What the parent asks for, once. */
export interface OriginTask {
  addresses: readonly string[];
  port: number;
  manner: "echo" | "source";
}

const CHUNK = Buffer.alloc(512 * 1024, "postern ");
const BACKLOG = 8192;

function echo(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("data", (bytes) => socket.write(bytes));
}

function source(socket: Socket): void {
  const pour = (): void => {
    while (socket.write(CHUNK));
  };
  socket.on("drain", pour);
  socket.resume();
  pour();
}

async function serve({ addresses, port, manner }: OriginTask): Promise<number> {
  let bound = port;
  for (const address of addresses) {
    assertOwn(address);
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      if (manner === "echo") echo(socket);
      else source(socket);
    });
    server.listen({ host: address, port: bound, backlog: BACKLOG });
    await once(server, "listening");
    const own = server.address();
    if (typeof own === "object" && own !== null) bound = own.port;
  }
  return bound;
}

process.on("message", async (task: OriginTask) => {
  try {
    process.send?.({ port: await serve(task) });
  } catch (error) {
    process.send?.({ error: String(error) });
  }
});
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());
