import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import test from "ava";
import fc from "fast-check";
import { parseHead } from "../boot/kit/httphead.ts";
import { connectOnly, describe, type ProxyRoute, sendRaw } from "../boot/kit/proxyclient.ts";

/** A server that does one thing with each connection, and the route to it. */
async function serving(act: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    act(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const { port }: Pick<AddressInfo, "port"> = typeof address === "object" && address ? address : { port: 0 };
  const route: ProxyRoute = { host: "127.0.0.1", port, localAddress: "127.0.0.1", timeout: 300 };
  return { server, route };
}

const behaviours: readonly [name: string, act: (socket: Socket) => void, outcome: string][] = [
  ["answers", (socket) => void socket.end("HTTP/1.1 403 Forbidden\r\nX-A: b\r\n\r\n"), "403 Forbidden"],
  [
    "answers in pieces",
    (socket) => {
      socket.write("HTTP/1.1 200 Connection est");
      setImmediate(() => socket.write("ablished\r\n\r\n"));
    },
    "200 Connection established",
  ],
  ["hangs up", (socket) => void socket.end(), "closed"],
  ["resets", (socket) => void socket.resetAndDestroy(), "closed"],
  ["says half a head and hangs up", (socket) => void socket.end("HTTP/1.1 200"), "closed"],
  ["says nothing", () => {}, "silent"],
];

for (const [name, act, outcome] of behaviours) {
  test(`a proxy that ${name}: ${outcome}`, async (t) => {
    const { server, route } = await serving(act);
    t.is(describe(await connectOnly(route, "a.example.com:443")), outcome);
    server.close();
  });
}

test("nobody listens: refused", async (t) => {
  const { server, route } = await serving(() => {});
  server.close();
  await once(server, "close");
  t.is(describe(await connectOnly(route, "a.example.com:443")), "refused");
});

test("something that is no HTTP is an error, not an outcome", async (t) => {
  const { server, route } = await serving((socket) => void socket.write("SSH-2.0-x\r\n\r\n\r\n"));
  await t.throwsAsync(sendRaw(route, "x"), { message: /not an HTTP answer/ });
  server.close();
});

test("a head is read whole or not at all", (t) => {
  const text = "HTTP/1.1 407 Proxy Authentication Required\r\nVia: a\r\nX-Squid-Error: b: c\r\n\r\n";
  fc.assert(fc.property(fc.nat(text.length - 1), (cut) => parseHead(text.slice(0, cut)) === undefined));
  const parsed = parseHead(`${text}body`);
  t.is(parsed?.head.status, 407);
  t.is(parsed?.head.headers.get("x-squid-error"), "b: c");
  t.is(parsed?.rest, "body");
});
