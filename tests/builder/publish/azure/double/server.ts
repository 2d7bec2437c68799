import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** What goes wrong with one request: an answer in the place of the right one, or none. */
export type Trouble = Answer | "cut before" | "cut after";

/** A server on the loopback that answers as a service does, and goes wrong where a test says so. */
export interface Double {
  port: number;
  /** Every request that came, in order. */
  asked: Asked[];
  /** Looked through for each request; the first that gives something decides. */
  troubles: ((asked: Asked) => Trouble | undefined)[];
  /** Awaited before an answer goes out. */
  hold: (asked: Asked) => Promise<void>;
  close(): Promise<void>;
}

export async function startDouble(answer: (asked: Asked) => Promise<Answer>): Promise<Double> {
  const server: Server = createServer((request, response) => {
    void respond(request, response).catch(() => response.destroy());
  });
  const double: Double = {
    port: 0,
    asked: [],
    troubles: [],
    hold: async () => {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const asked: Asked = {
      method: request.method ?? "",
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    double.asked.push(asked);
    const trouble = firstOf(double.troubles, asked);
    if (trouble === "cut before") {
      request.socket.destroy();
      return;
    }
    const made = typeof trouble === "object" ? trouble : await answer(asked);
    await double.hold(asked);
    if (trouble === "cut after") {
      request.socket.destroy();
      return;
    }
    response.writeHead(made.status, made.headers);
    response.end(request.method === "HEAD" ? undefined : made.body);
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  double.port = (server.address() as AddressInfo).port;
  return double;
}

function firstOf(troubles: Double["troubles"], asked: Asked): Trouble | undefined {
  for (const trouble of troubles) {
    const found = trouble(asked);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A trouble for the first so many requests that fit. */
export function times(count: number, fits: (asked: Asked) => boolean, trouble: Trouble) {
  let left = count;
  return (asked: Asked): Trouble | undefined => {
    if (left === 0 || !fits(asked)) return undefined;
    left -= 1;
    return trouble;
  };
}

export function isPagePut({ method, query }: Asked): boolean {
  return method === "PUT" && query.get("comp") === "page";
}
