import { connect, type Socket } from "node:net";

export interface Door {
  host: string;
  port: number;
  /** Own address of the client. */
  from?: string | undefined;
  target: string;
  timeout: number;
}

/** A tunnel that is open: what is sent comes back, or comes by itself. */
export interface Tunnel {
  /** Sends bytes and waits for as many. Milliseconds, or undefined when they did not come. */
  echo(bytes: Uint8Array, timeout: number): Promise<number | undefined>;
  send(bytes: Uint8Array): void;
  /** Bytes that have come so far. */
  bytes(): number;
  isOpen(): boolean;
  close(): void;
}

/** What became of one CONNECT, and after how many milliseconds. */
export type Answer =
  | { kind: "tunnel"; ms: number; tunnel: Tunnel }
  | { kind: "refused"; ms: number; status: number }
  | { kind: "failed"; ms: number; reason: "timeout" | "reset" | "closed" | "no-port" | "no-answer" };

/** One for all: what is in it is used up before the next bytes come. */
const BUFFER = Buffer.allocUnsafe(512 * 1024);
const HEAD_END = Buffer.from("\r\n\r\n");

/** `CONNECT target` to the proxy. Never rejects: a failure is an answer too. */
export function openTunnel({ host, port, from, target, timeout }: Door): Promise<Answer> {
  const begun = performance.now();
  const head: Buffer[] = [];
  let bytes = 0;
  let isOpen = false;
  let onBytes = (): void => {};
  return new Promise((resolve) => {
    const settle = (answer: Answer): void => {
      clearTimeout(timer);
      if (answer.kind !== "tunnel") socket.destroy();
      resolve(answer);
    };
    const fail = (reason: Extract<Answer, { kind: "failed" }>["reason"]): void => {
      isOpen = false;
      settle({ kind: "failed", ms: performance.now() - begun, reason });
      onBytes();
    };
    const takeHead = (some: Buffer): void => {
      head.push(Buffer.from(some));
      const all = Buffer.concat(head);
      const end = all.indexOf(HEAD_END);
      if (end < 0) return;
      const ms = performance.now() - begun;
      const status = Number(all.toString("latin1", 9, 12));
      isOpen = status === 200;
      bytes = all.length - end - HEAD_END.length;
      settle(isOpen ? { kind: "tunnel", ms, tunnel } : { kind: "refused", ms, status });
    };
    const take = (count: number, buffer: Uint8Array): boolean => {
      if (isOpen) {
        bytes += count;
        onBytes();
      } else takeHead(Buffer.from(buffer.buffer, buffer.byteOffset, count));
      return true;
    };
    const timer = setTimeout(fail, timeout, "timeout");
    const socket: Socket = connect({
      host,
      port,
      ...(from === undefined ? {} : { localAddress: from }),
      noDelay: true,
      onread: { buffer: BUFFER, callback: take },
    });
    socket.on("connect", () => socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`));
    socket.on("error", (error: NodeJS.ErrnoException) => fail(REASONS[error.code ?? ""] ?? "reset"));
    socket.on("close", () => fail("closed"));
    const tunnel: Tunnel = {
      echo: (some, patience) =>
        new Promise((done) => {
          const [sent, wanted] = [performance.now(), bytes + some.length];
          const finish = (ms: number | undefined): void => {
            clearTimeout(wait);
            onBytes = () => {};
            done(ms);
          };
          const wait = setTimeout(finish, patience, undefined);
          onBytes = () => {
            if (!isOpen) finish(undefined);
            else if (bytes >= wanted) finish(performance.now() - sent);
          };
          if (isOpen) socket.write(some);
          else finish(undefined);
        }),
      send: (some) => void socket.write(some),
      bytes: () => bytes,
      isOpen: () => isOpen,
      close() {
        isOpen = false;
        socket.end();
        socket.destroySoon();
      },
    };
  });
}

const REASONS: Readonly<Record<string, "reset" | "no-port" | "no-answer">> = {
  ECONNRESET: "reset",
  EPIPE: "reset",
  // Refused by the machine itself, and no own port left to come from.
  ECONNREFUSED: "reset",
  EADDRINUSE: "no-port",
  EADDRNOTAVAIL: "no-port",
  ETIMEDOUT: "no-answer",
};

/** Why an answer is of no use, in a word or two. */
export function reasonOf(answer: Answer): string {
  if (answer.kind === "failed") return answer.reason;
  return answer.kind === "refused" ? `status ${answer.status}` : "no echo";
}
