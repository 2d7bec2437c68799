import { createReadStream } from "node:fs";
import { PROXY_PORT } from "../paths.ts";
import type { System } from "../system/system.ts";

/** What the kernel's tables say of the proxy's port. */
export interface Sockets {
  isListening: boolean;
  /** Connections of clients that are open now. */
  open: number;
}

const BLOCK = 256 * 1024;
/** A line has 150 bytes: two sockets each of 200,000 tunnels. */
const MOST = 64 * 1024 * 1024;

/** Reads /proc/net/tcp and tcp6 block by block: with tens of thousands of tunnels they have megabytes. */
export async function readSockets({ paths }: System, port = PROXY_PORT): Promise<Sockets> {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readTable(paths.at(path), port));
  const [first, second] = await Promise.all(tables);
  return added(first ?? NONE, second ?? NONE);
}

const NONE: Sockets = { isListening: false, open: 0 };

async function readTable(path: string, port: number): Promise<Sockets> {
  let found = NONE;
  let rest = "";
  try {
    for await (const block of createReadStream(path, {
      encoding: "latin1",
      highWaterMark: BLOCK,
      end: MOST,
    })) {
      const text = rest + String(block);
      const end = text.lastIndexOf("\n") + 1;
      found = added(found, socketsIn(text.slice(0, end), port));
      rest = text.slice(end);
    }
    return added(found, socketsIn(rest, port));
  } catch {
    return found;
  }
}

/**
 * Counts in whole lines of such a table. States are numbers of net/tcp_states.h: 01 ESTABLISHED, 0A LISTEN.
 * https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function socketsIn(lines: string, port: number): Sockets {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const line = new RegExp(`^ *\\d+: [0-9A-F]+:${hexPort} [0-9A-F]+:[0-9A-F]+ (01|0A)\\b`, "gm");
  let isListening = false;
  let open = 0;
  for (const [, state] of lines.matchAll(line)) {
    if (state === "0A") isListening = true;
    else open++;
  }
  return { isListening, open };
}

function added(one: Sockets, other: Sockets): Sockets {
  return { isListening: one.isListening || other.isListening, open: one.open + other.open };
}
