import type { Socket } from "node:net";
import { createInterface } from "node:readline";

/** QEMU's control line (QMP): one JSON object a line, answers matched by id. */
export interface Qmp {
  /** @throws Error with QEMU's own words when it refuses or hangs up. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Resolves at the next event of this name. */
  event(name: string): Promise<void>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Takes the greeting and leaves the negotiation mode; ready for commands when it resolves. */
export async function qmpOver(socket: Socket): Promise<Qmp> {
  const pending = new Map<number, Pending>();
  const events = new Map<string, (() => void)[]>();
  let lastId = 0;

  const fail = (): void => {
    for (const { reject } of pending.values()) reject(new Error("QEMU closed its control line"));
    pending.clear();
  };
  socket.on("close", fail);

  const lines = createInterface({ input: socket });
  lines.on("error", fail);
  lines.on("line", (line) => {
    const message = objectOf(JSON.parse(line));
    if (typeof message.event === "string") {
      for (const tell of events.get(message.event) ?? []) tell();
      events.delete(message.event);
      return;
    }
    const id = message.id;
    const waiting = typeof id === "number" ? pending.get(id) : undefined;
    if (waiting === undefined || typeof id !== "number") return;
    pending.delete(id);
    const error = message.error;
    if (error === undefined) waiting.resolve(message.return);
    else waiting.reject(new Error(`QEMU: ${String(objectOf(error).desc)}`));
  });

  function execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (socket.destroyed) {
        reject(new Error("QEMU closed its control line"));
        return;
      }
      lastId += 1;
      pending.set(lastId, { resolve, reject });
      const request = { execute: command, id: lastId, ...(args === undefined ? {} : { arguments: args }) };
      socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  await execute("qmp_capabilities");
  return {
    execute,
    event: (name) =>
      new Promise((resolve) => {
        events.set(name, [...(events.get(name) ?? []), resolve]);
      }),
  };
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null)
    throw new Error("QEMU's control line spoke no JSON object");
  return { ...value };
}
