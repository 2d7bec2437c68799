import { createCipheriv, createDecipheriv, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { messageOf, PosternError } from "../error.ts";
import { COST, type Sealed } from "./form.ts";

/*
 * scrypt of the passphrase gives the key of AES-256-GCM, and 16 bytes that are kept beside it to tell a wrong
 * passphrase. All that is not sealed is authenticated with it.
 *
 * The cost is the one that OWASP's cheat sheet on password storage names first, N = 2^17, r = 8, p = 1: 128 MiB for
 * most of a second. A machine with 1 GiB that serves clients can bear that; twice as much could push Squid out.
 */

type Kdf = Sealed["kdf"];
type Header = Omit<Sealed, "data">;

const KEY_BYTES = 32;
const CHECK_BYTES = 16;
const TAG_BYTES = 16;
/** What a file may ask for, and what OpenSSL counts besides. */
const MOST_MEMORY = 128 * COST.N * COST.r + 1024 * 1024;

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/**
 * Seals a text.
 *
 * @param cover all that the seal has to hold besides, made from the seal's own header.
 */
export async function seal(
  text: string,
  passphrase: string,
  cover: (header: Header) => string,
): Promise<Sealed> {
  const kdf: Kdf = { name: "scrypt", ...COST, salt: randomBytes(16).toString("base64") };
  const nonce = randomBytes(12);
  const { key, check } = await keyOf(passphrase, kdf);
  const header: Header = {
    kdf,
    cipher: { name: "aes-256-gcm", nonce: nonce.toString("base64") },
    check: check.toString("base64"),
  };
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(cover(header)));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { ...header, data: data.toString("base64") };
}

/** How opening ended. `wrong`: another passphrase; `changed`: the passphrase is right and the file is not. */
export type Unsealed = { kind: "text"; text: string } | { kind: "wrong" } | { kind: "changed" };

/** Opens what `seal` made; `cover` is what it held besides. */
export async function unseal(sealed: Sealed, passphrase: string, cover: string): Promise<Unsealed> {
  const { key, check } = await keyOf(passphrase, sealed.kdf);
  const known = Buffer.from(sealed.check, "base64");
  if (known.length !== check.length || !timingSafeEqual(known, check)) return { kind: "wrong" };
  const data = Buffer.from(sealed.data, "base64");
  const nonce = Buffer.from(sealed.cipher.nonce, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(cover));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]);
    return { kind: "text", text: text.toString("utf8") };
  } catch {
    return { kind: "changed" };
  }
}

/** A passphrase as it stands in a file: the first line, without its end. */
export function firstLine(text: string): string {
  return text.replace(/^\ufeff/, "").split(/\r?\n/)[0] ?? "";
}

/** @throws PosternError `host.export` where the machine has no room for it. */
async function keyOf(passphrase: string, { N, r, p, salt }: Kdf): Promise<{ key: Buffer; check: Buffer }> {
  try {
    // Keyboards and systems write one letter in two ways.
    const same = passphrase.normalize("NFC");
    const options = { N, r, p, maxmem: MOST_MEMORY };
    const bytes = await derive(same, Buffer.from(salt, "base64"), KEY_BYTES + CHECK_BYTES, options);
    return { key: bytes.subarray(0, KEY_BYTES), check: bytes.subarray(KEY_BYTES) };
  } catch (error) {
    throw new PosternError({
      code: "host.export",
      message: `No key could be made of the passphrase: ${messageOf(error)}`,
      hint: "It takes 128 MiB of memory. Is so much free? posternctl status",
      cause: error,
    });
  }
}
