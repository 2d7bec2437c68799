import { once } from "node:events";
import { connect } from "node:net";
import { createServer } from "node:tls";
import test from "ava";
import { clientHello } from "../../../../bench/load/generator/hello.ts";

test("a TLS server finds the name in it", async (t) => {
  const asked = Promise.withResolvers<string>();
  const server = createServer({
    SNICallback: (name, answer) => {
      asked.resolve(name);
      answer(new Error("no certificate here"));
    },
  });
  server.on("tlsClientError", (error) => asked.reject(error));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const socket = connect(typeof address === "object" ? (address?.port ?? 0) : 0, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(clientHello("echo-1.endpoint.security.microsoft.com"));

  t.is(await asked.promise, "echo-1.endpoint.security.microsoft.com");
  socket.destroy();
  server.close();
});

test("its lengths are those of its parts", (t) => {
  for (const name of ["a", "a.example", "x".repeat(200)]) {
    const hello = clientHello(name);
    t.is(hello.readUInt16BE(3), hello.length - 5);
    t.is(hello.readUIntBE(6, 3), hello.length - 9);
  }
});
