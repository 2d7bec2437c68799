/** A TLS ClientHello (RFC 8446, 4.1.2) as a client of TLS 1.2 or 1.3 sends it, with the name it wants to talk to. */
export function clientHello(name: string): string {
  const host = Buffer.from(name, "latin1");
  const extensions = Buffer.concat([
    extension(0, vector(2, Buffer.concat([Buffer.from([0]), vector(2, host)]))),
    // Curves, signature algorithms, versions: what most clients offer.
    extension(10, vector(2, Buffer.from([0, 29, 0, 23]))),
    extension(11, vector(1, Buffer.from([0]))),
    extension(13, vector(2, Buffer.from([4, 3, 8, 4, 4, 1]))),
    extension(43, vector(1, Buffer.from([3, 4, 3, 3]))),
    extension(51, vector(2, Buffer.concat([Buffer.from([0, 29]), vector(2, Buffer.alloc(32, 9))]))),
  ]);
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    // No secret is made of it: a fixed number will do.
    Buffer.alloc(32, 7),
    vector(1, Buffer.alloc(32, 5)),
    vector(2, Buffer.from([0x13, 1, 0x13, 2, 0xc0, 0x2b, 0xc0, 0x2f, 0, 0x2f])),
    vector(1, Buffer.from([0])),
    vector(2, extensions),
  ]);
  const message = Buffer.concat([Buffer.from([1]), vector(3, body)]);
  return Buffer.concat([Buffer.from([22, 3, 1]), vector(2, message)]).toString("latin1");
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type >> 8, type & 0xff]), vector(2, data)]);
}

/** Bytes with their length in front, in as many bytes. */
function vector(size: number, data: Buffer): Buffer {
  const length = Buffer.alloc(size);
  length.writeUIntBE(data.length, 0, size);
  return Buffer.concat([length, data]);
}
