import { createSocket } from "node:dgram";

/**
 * A DNS server on the local resolver's address that knows some names and their IPv4 addresses; every other name
 * does not exist (RFC 1035, section 4).
 *
 * @returns the names that are asked for, as they come.
 */
export async function serveNames(names: Readonly<Record<string, readonly string[]>>): Promise<string[]> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (question, { address, port }) => {
    const { name, end } = readName(question);
    asked.push(name);
    const known = names[name];
    const isA = question.readUInt16BE(end) === 1;
    const addresses = isA ? (known ?? []) : [];
    const head = Buffer.alloc(12);
    question.copy(head, 0, 0, 2);
    // A response, recursion available; 3: the name does not exist.
    head.writeUInt16BE(0x8180 + (known === undefined ? 3 : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(addresses.length, 6);
    const answers = addresses.map((text) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...text.split(".").map(Number)]),
    );
    socket.send(Buffer.concat([head, question.subarray(12, end + 4), ...answers]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(53, "127.0.0.53", resolve));
  return asked;
}

/** The name in a question, and where its type begins. */
function readName(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}
