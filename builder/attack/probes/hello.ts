/**
 * A TLS ClientHello (RFC 5246, 7.4.1.2) with the name it wants to talk to. Of TLS 1.2, whose server shows its
 * certificate in clear: so it is seen who answers.
 */
export function clientHello(name: string): string {
  const host = Buffer.from(name, "latin1");
  const extensions = Buffer.concat([
    extension(0, vector(2, Buffer.concat([Buffer.from([0]), vector(2, host)]))),
    // Curves, point formats, signature algorithms: what most clients offer.
    extension(10, vector(2, Buffer.from([0, 29, 0, 23]))),
    extension(11, vector(1, Buffer.from([0]))),
    extension(13, vector(2, Buffer.from([4, 3, 8, 4, 4, 1]))),
  ]);
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    // No secret is made of it: a fixed number will do.
    Buffer.alloc(32, 7),
    vector(1, Buffer.alloc(0)),
    vector(2, Buffer.from([0xc0, 0x2b, 0xc0, 0x2c, 0xc0, 0x2f, 0xc0, 0x30, 0, 0x2f])),
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
