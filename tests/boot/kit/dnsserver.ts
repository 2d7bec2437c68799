import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { type Answer, decodeQuestion, encodeAnswer, type Question } from "./dns.ts";

export interface DnsServer {
  /** Every name that was asked for, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** A name server over UDP and TCP on one port (53 by default) of an address. */
export async function startDns(
  address: string,
  zone: (question: Question) => Answer,
  port = 53,
): Promise<DnsServer> {
  const asked: string[] = [];
  const answer = (message: Uint8Array): Uint8Array | undefined => {
    try {
      const question = decodeQuestion(message);
      asked.push(question.name);
      return encodeAnswer(question, zone(question));
    } catch {
      // Not a question we know: silence, as a real server that drops it.
      return undefined;
    }
  };

  const udp = createSocket("udp4");
  udp.on("message", (message, from) => {
    const reply = answer(message);
    if (reply !== undefined) udp.send(reply, from.port, from.address);
  });
  udp.bind(port, address);
  const tcp = createServer((socket) => serveTcp(socket, answer));
  tcp.listen(port, address);
  await Promise.all([once(udp, "listening"), once(tcp, "listening")]);
  return {
    asked,
    async close() {
      const closed = Promise.all([once(udp, "close"), once(tcp, "close")]);
      udp.close();
      tcp.close();
      await closed;
    },
  };
}

/** Over TCP each message has its length in front (RFC 1035, 4.2.2). */
function serveTcp(socket: Socket, answer: (message: Uint8Array) => Uint8Array | undefined): void {
  let waiting = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const length = waiting.readUInt16BE(0);
      const reply = answer(waiting.subarray(2, 2 + length));
      waiting = waiting.subarray(2 + length);
      if (reply === undefined) continue;
      const head = Buffer.alloc(2);
      head.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([head, reply]));
    }
  });
}
