import type { Duplex } from "node:stream";

export interface Head {
  status: number;
  /** The first word of the header X-Squid-Error; empty without one. */
  squidError: string;
}

/** Larger than any head that Squid or Microsoft sends. */
const MOST = 64 * 1024;

/** The head of the answer that comes; undefined when there is none in time. The stream is left as it is. */
export function readHead(stream: Duplex, timeout: number): Promise<Head | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const timer = setTimeout(() => end(undefined), timeout);
    const end = (head: Head | undefined): void => {
      clearTimeout(timer);
      stream.off("data", take);
      stream.off("end", close);
      stream.off("close", close);
      stream.pause();
      resolve(head);
    };
    const take = (bytes: Buffer): void => {
      text += bytes.toString("latin1");
      const isWhole = text.includes("\r\n\r\n");
      if (isWhole || text.length > MOST) end(isWhole ? headOf(text) : undefined);
    };
    // A server that closes after a cut-off head has still said its status.
    const close = (): void => end(headOf(text));
    // Stays: a fault that comes later, from a socket nobody reads any more, must not end the process.
    stream.on("error", close);
    stream.on("data", take);
    stream.on("end", close);
    stream.on("close", close);
  });
}

/** Status and Squid's fault of an answer; undefined for what is no HTTP. */
export function headOf(text: string): Head | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (status === undefined) return undefined;
  const squidError = /^X-Squid-Error: (ERR_[A-Z_]+)/im.exec(text)?.[1] ?? "";
  return { status: Number(status), squidError };
}
