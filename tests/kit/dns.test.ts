import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import test from "ava";
import fc from "fast-check";
import { type Answer, decodeQuestion, encodeAnswer, encodeName, TYPES } from "../boot/kit/dns.ts";
import { startDns } from "../boot/kit/dnsserver.ts";
import { FORGED_NAME, reverseName, zone } from "../boot/kit/zone.ts";

function query(name: string, type: number, id = 7): Uint8Array {
  const head = [id >> 8, id & 0xff, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([...head, ...encodeName(name), type >> 8, type & 0xff, 0, 1]);
}

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join("."));

test("a question is read as it was meant, in any case", (t) => {
  fc.assert(
    fc.property(name, fc.nat(0xffff), fc.nat(0xffff), (text, type, id) => {
      const read = decodeQuestion(query(text.toUpperCase(), type, id));
      return read.name === text && read.type === type && read.id === id && read.recursionDesired;
    }),
  );
  t.pass();
});

test("an answer repeats the id and the question, and ends with its data", (t) => {
  const asked = decodeQuestion(query("a.example.com", TYPES.A, 0x1234));
  const bytes = Buffer.from(encodeAnswer(asked, { a: "203.0.113.50" }));
  t.is(bytes.readUInt16BE(0), 0x1234);
  t.is(bytes.readUInt16BE(2), 0x8580);
  t.deepEqual([bytes.readUInt16BE(4), bytes.readUInt16BE(6)], [1, 1]);
  t.deepEqual([...bytes.subarray(-4)], [203, 0, 113, 50]);
  t.is(Buffer.from(encodeAnswer(asked, "nxdomain")).readUInt16BE(2) & 0xf, 3);
});

const broken: readonly [why: string, message: Uint8Array][] = [
  ["empty", new Uint8Array()],
  ["header only", query("a", 1).slice(0, 12)],
  ["cut off in a name", query("abc.example", 1).slice(0, 16)],
  ["cut off after the name", query("abc", 1).slice(0, -2)],
  ["a response", query("abc", 1).with(2, 0x81)],
  ["two questions", query("abc", 1).with(5, 2)],
  ["a compressed name", query("abc", 1).with(12, 0xc0)],
];

for (const [why, message] of broken) {
  test(`no question: ${why}`, (t) => {
    t.throws(() => decodeQuestion(message));
  });
}

const names: readonly [name: string, type: number, answer: Answer][] = [
  ["x.eu.endpoint.security.microsoft.com", TYPES.A, { a: "203.0.113.50" }],
  ["www.example.com", TYPES.A, { a: "203.0.113.50" }],
  ["www.microsoft.com", TYPES.AAAA, "empty"],
  ["notmicrosoft.com", TYPES.A, "nxdomain"],
  ["archive.example.org", TYPES.A, "nxdomain"],
  [reverseName("203.0.113.50"), TYPES.PTR, { ptr: FORGED_NAME }],
  [reverseName("203.0.113.51"), TYPES.PTR, "nxdomain"],
];

for (const [asked, type, answer] of names) {
  test(`the zone: ${asked} type ${type}`, (t) => {
    t.deepEqual(zone({ name: asked, type }), answer);
  });
}

test("a real resolver understands the server", async (t) => {
  const server = await startDns("127.0.0.1", zone, 20_053);
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers(["127.0.0.1:20053"]);
  t.deepEqual(await resolver.resolve4("eu.endpoint.security.microsoft.com"), ["203.0.113.50"]);
  t.deepEqual(await resolver.reverse("203.0.113.50"), [FORGED_NAME]);
  await t.throwsAsync(resolver.resolve4("archive.example.org"), { code: "ENOTFOUND" });
  await t.throwsAsync(resolver.resolve6("www.microsoft.com"), { code: "ENODATA" });
  t.true(server.asked.includes("archive.example.org"));

  const socket = connect(20_053, "127.0.0.1");
  const message = query("www.microsoft.com", TYPES.A);
  // The length and the message in two pieces, as a slow client sends them.
  socket.write(Uint8Array.from([0, message.length]));
  socket.write(message);
  const [reply] = await once(socket, "data");
  t.true(Buffer.isBuffer(reply) && reply.readUInt16BE(0) === reply.length - 2);
  socket.destroy();
  await server.close();
});
