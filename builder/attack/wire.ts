import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { parseAnswers } from "./answers.ts";
import type { Outcome } from "./probe.ts";

/** Where the proxy is, and how long to wait for it. */
export interface Route {
  host: string;
  port: number;
  /** The address to come from; where it is not said, the host's own choice. */
  localAddress?: string | undefined;
  /** Milliseconds for a whole answer. */
  patience: number;
  /** Milliseconds without a byte after a whole answer that count as the end. */
  quiet: number;
  signal: AbortSignal;
}

/** An answer that is longer is cut: a proxy under test is not trusted either. */
const MOST_BYTES = 256 * 1024;

/** Sends the pieces, each after an answer to the one before, and reads until nothing more comes. */
export function exchange(route: Route, pieces: readonly string[]): Promise<Outcome> {
  const waiting = [...pieces];
  const isConnect = (pieces[0] ?? "").startsWith("CONNECT ");
  return talk(route, {
    onOpen: (socket) => write(socket, waiting.shift()),
    onBytes: (socket, text) => {
      const { isWhole } = parseAnswers(text, isConnect);
      if (!isWhole) return "waiting";
      if (waiting.length === 0) return "whole";
      write(socket, waiting.shift());
      return "waiting";
    },
    isConnect,
  });
}

/** Sends the text a byte a second and waits whether the proxy hangs up; `route.patience` ends it. */
export function exchangeSlowly(route: Route, text: string): Promise<Outcome> {
  const bytes = [...text];
  let timer: NodeJS.Timeout | undefined;
  return talk(route, {
    onOpen: (socket) => {
      const next = (): void => write(socket, bytes.shift());
      next();
      timer = setInterval(next, 1000);
    },
    onBytes: () => "waiting",
    isConnect: false,
  }).finally(() => clearInterval(timer));
}

/** Leaves many requests half said, asks one whole one beside them, and lets go. */
export async function flood(route: Route, count: number, half: string, whole: string): Promise<Outcome> {
  const sockets: Socket[] = [];
  try {
    for (let opened = 0; opened < count; opened += 1) {
      route.signal.throwIfAborted();
      const { host, port, localAddress } = route;
      const socket = connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) });
      socket.on("error", () => {});
      socket.on("connect", () => write(socket, half));
      sockets.push(socket);
      // Some at a time: it is the number that is tried, not the rush.
      if (opened % 20 === 19) await pause(20);
    }
    return await exchange(route, [whole]);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

interface Talk {
  onOpen(socket: Socket): void;
  onBytes(socket: Socket, text: string): "waiting" | "whole";
  isConnect: boolean;
}

function talk(route: Route, { onOpen, onBytes, isConnect }: Talk): Promise<Outcome> {
  const { host, port, localAddress, patience, quiet, signal } = route;
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const socket = connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) });
    let text = "";
    let isOpen = false;
    let timer = setTimeout(() => end("silent"), patience);
    const end = (kind: "closed" | "silent" | "unreachable"): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      socket.destroy();
      const { statuses, tunnel } = parseAnswers(text, isConnect);
      resolve({
        kind: statuses.length > 0 ? "answers" : kind,
        statuses,
        text,
        tunnel,
        ...(kind === "closed" ? { cutAfter: performance.now() - start } : {}),
      });
    };
    const abort = (): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.on("connect", () => {
      isOpen = true;
      onOpen(socket);
    });
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1").slice(0, MOST_BYTES - text.length);
      if (text.length >= MOST_BYTES) return end("silent");
      if (onBytes(socket, text) !== "whole") return;
      clearTimeout(timer);
      timer = setTimeout(() => end("silent"), quiet);
    });
    socket.on("error", () => {});
    socket.on("close", () => end(isOpen ? "closed" : "unreachable"));
  });
}

function write(socket: Socket, text: string | undefined): void {
  if (text !== undefined && socket.writable) socket.write(Buffer.from(text, "latin1"));
}
