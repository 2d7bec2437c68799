/**
 * The first bytes of a TLS client: a ClientHello that names a server, so that a proxy which looks at the name
 * finds one. Nobody answers it: the origin gives it back as it came.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2 and rfc6066#section-3 for the forms.
 */
export function clientHello(serverName: string): Buffer {
  const name = Buffer.from(serverName, "ascii");
  const extensions = Buffer.concat([
    extension(0, sized(2, Buffer.concat([Buffer.of(0), sized(2, name)]))),
    // secp256r1; ecdsa_secp256r1_sha256 and rsa_pss_rsae_sha256; TLS 1.2.
    extension(10, sized(2, Buffer.of(0, 23))),
    extension(13, sized(2, Buffer.of(4, 3, 8, 4))),
    extension(43, sized(1, Buffer.of(3, 3))),
  ]);
  const body = Buffer.concat([
    Buffer.of(3, 3),
    Buffer.alloc(32, "postern"),
    Buffer.of(0),
    // TLS_ECDHE_ECDSA/RSA_WITH_AES_128_GCM_SHA256
    sized(2, Buffer.of(0xc0, 0x2b, 0xc0, 0x2f)),
    Buffer.of(1, 0),
    sized(2, extensions),
  ]);
  const handshake = Buffer.concat([Buffer.of(1), sized(3, body)]);
  return Buffer.concat([Buffer.of(22, 3, 1), sized(2, handshake)]);
}

/** Bytes with their length in front. */
function sized(bytes: number, content: Buffer): Buffer {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([length, content]);
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type >> 8, type & 255), sized(2, content)]);
}
