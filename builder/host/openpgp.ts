import { createHash } from "node:crypto";

/** Packet tag of a primary public key. */
const PUBLIC_KEY = 6;

/**
 * Fingerprints of the primary keys in a binary OpenPGP keyring (version 4 keys), upper-case hex.
 * Enough to tell whose keyring a file is, without GnuPG on the host.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9580#section-5.5.4
 * @throws RangeError when the bytes are no packet sequence.
 */
export function keyFingerprints(keyring: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < keyring.length; ) {
    const packet = readPacket(keyring, at);
    const body = keyring.subarray(packet.start, packet.start + packet.length);
    if (body.length < packet.length) throw new RangeError("an OpenPGP packet is cut");
    if (packet.tag === PUBLIC_KEY && body[0] === 4) found.push(fingerprint(body));
    at = packet.start + packet.length;
  }
  return found;
}

function fingerprint(body: Buffer): string {
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  return createHash("sha1").update(head).update(body).digest("hex").toUpperCase();
}

/** The two packet formats' headers; partial lengths do not occur in keys. */
function readPacket(bytes: Buffer, at: number): { tag: number; start: number; length: number } {
  const first = bytes[at] ?? 0;
  if ((first & 0x80) === 0) throw new RangeError("no OpenPGP packet starts here");
  if ((first & 0x40) !== 0) return newFormat(bytes, at, first & 0x3f);
  const tag = (first >> 2) & 0x0f;
  const kind = first & 0x03;
  if (kind === 3) throw new RangeError("an OpenPGP packet has no length");
  const width = 1 << kind;
  return { tag, start: at + 1 + width, length: bytes.readUIntBE(at + 1, width) };
}

function newFormat(bytes: Buffer, at: number, tag: number) {
  const one = bytes[at + 1] ?? 0;
  if (one < 192) return { tag, start: at + 2, length: one };
  if (one < 224) return { tag, start: at + 3, length: ((one - 192) << 8) + (bytes[at + 2] ?? 0) + 192 };
  if (one === 255) return { tag, start: at + 6, length: bytes.readUInt32BE(at + 2) };
  throw new RangeError("an OpenPGP packet of partial lengths is no key");
}
