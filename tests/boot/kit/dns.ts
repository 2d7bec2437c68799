import { parseAddress } from "../../../appliance/network/address.ts";

/** The little of DNS (RFC 1035) that a test's name server speaks: one question in, one answer out. */

export const TYPES = { A: 1, PTR: 12, AAAA: 28 } as const;
export const RCODES = { ok: 0, nxdomain: 3 } as const;

export interface Question {
  id: number;
  recursionDesired: boolean;
  /** Lower case, no dot at the end. */
  name: string;
  type: number;
  class: number;
  /** The question section's bytes, to be repeated in the answer as they came. */
  bytes: Uint8Array;
}

/** What the zone says: an address or several, a name (for PTR), nothing of this type, or no such name. */
export type Answer =
  | { a: string }
  /** All of one family, the one that was asked for; `ttl` in seconds. */
  | { addresses: readonly string[]; ttl?: number }
  | { ptr: string }
  | "empty"
  | "nxdomain";

const HEADER = 12;
const TTL_SECONDS = 30;

/** @throws Error for anything but a plain query with one question. */
export function decodeQuestion(message: Uint8Array): Question {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (message.length < HEADER) throw new Error("a DNS message is shorter than its header");
  const flags = view.getUint16(2);
  if ((flags & 0xf800) !== 0 || view.getUint16(4) !== 1) throw new Error("not a DNS query with one question");
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) throw new Error("a DNS name is cut off or compressed");
    at += 1;
    if (length === 0) break;
    labels.push(new TextDecoder("latin1").decode(message.subarray(at, at + length)));
    at += length;
  }
  if (at + 4 > message.length) throw new Error("a DNS question is cut off");
  return {
    id: view.getUint16(0),
    recursionDesired: (flags & 0x0100) !== 0,
    name: labels.join(".").toLowerCase(),
    type: view.getUint16(at),
    class: view.getUint16(at + 2),
    bytes: message.slice(HEADER, at + 4),
  };
}

/** The whole response message. */
export function encodeAnswer(question: Question, answer: Answer): Uint8Array {
  const records = typeof answer === "object" ? recordsOf(answer) : [];
  const head = new Uint8Array(HEADER);
  const view = new DataView(head.buffer);
  view.setUint16(0, question.id);
  // A response, authoritative, recursion available, and the client's own wish repeated.
  const rcode = answer === "nxdomain" ? RCODES.nxdomain : RCODES.ok;
  view.setUint16(2, 0x8480 | (question.recursionDesired ? 0x0100 : 0) | rcode);
  view.setUint16(4, 1);
  view.setUint16(6, records.length);
  return Buffer.concat([head, question.bytes, ...records]);
}

function recordsOf(answer: Exclude<Answer, string>): Uint8Array[] {
  if ("ptr" in answer) return [recordOf(TYPES.PTR, encodeName(answer.ptr))];
  const addresses = "a" in answer ? [answer.a] : answer.addresses;
  const ttl = "addresses" in answer ? answer.ttl : undefined;
  return addresses.map((address) =>
    recordOf(address.includes(":") ? TYPES.AAAA : TYPES.A, addressBytes(address), ttl),
  );
}

function recordOf(type: number, data: Uint8Array, ttl = TTL_SECONDS): Uint8Array {
  const record = new Uint8Array(12 + data.length);
  const view = new DataView(record.buffer);
  // The owner is the name in the question, by a pointer to it.
  view.setUint16(0, 0xc000 | HEADER);
  view.setUint16(2, type);
  view.setUint16(4, 1);
  view.setUint32(6, ttl);
  view.setUint16(10, data.length);
  record.set(data, 12);
  return record;
}

/** A name as length-prefixed labels. */
export function encodeName(name: string): Uint8Array {
  const labels = name.split(".").filter((label) => label !== "");
  return Uint8Array.from([
    ...labels.flatMap((label) => {
      const bytes = new TextEncoder().encode(label);
      if (bytes.length > 63) throw new Error(`a DNS label is longer than 63 bytes: ${label}`);
      return [bytes.length, ...bytes];
    }),
    0,
  ]);
}

function addressBytes(address: string): Uint8Array {
  const parsed = parseAddress(address);
  if (!parsed.ok) throw new Error(`not an address: ${address}`);
  const { family, value } = parsed.value;
  const length = family === 4 ? 4 : 16;
  return Uint8Array.from({ length }, (_, index) =>
    Number((value >> BigInt(8 * (length - 1 - index))) & 0xffn),
  );
}
