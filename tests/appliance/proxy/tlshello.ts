import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { connect } from "node:tls";

/** The first bytes of a TLS 1.3 client, as OpenSSL makes them. */
export async function tlsHello(sni: string | undefined): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: "127.0.0.1", minVersion: "TLSv1.3", ...(sni && { servername: sni }) });
  client.on("error", () => {});
  const [socket] = await once(server, "connection");
  const [hello] = await once(socket, "data");
  socket.destroy();
  client.destroy();
  server.close();
  return hello;
}
