import { createPrivateKey, type KeyObject, sign, verify, X509Certificate } from "node:crypto";
import { messageOf, PosternError } from "../../error.ts";

/** Who signs an OVA. */
export interface Signer {
  /** Never written anywhere. */
  key: KeyObject;
  /** PEM: the certificate of the key, and those of its issuers where they were given. */
  certificates: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----/g;
/** Importers' OpenSSL refuses less. */
const LEAST_BITS = 2048;

/**
 * A signer of the two files' texts. RSA only: its signature (PKCS #1 v1.5) is the same each time, as the image must
 * be, and it is what VMware's tools make.
 *
 * @throws PosternError `input.sign`, without a word of the key
 */
export function signerOf(keyText: string, certificateText: string): Signer {
  const certificates = certificateText.match(CERTIFICATE)?.map((text) => text.replaceAll("\r", "")) ?? [];
  const [own] = certificates;
  if (own === undefined) throw signError("sign.certificate holds no certificate in PEM form");
  const key = privateKey(keyText);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa" || bits < LEAST_BITS) {
    throw signError(`sign.key is no RSA key of ${LEAST_BITS} bits or more`);
  }
  if (!certificate(own).checkPrivateKey(key)) {
    throw signError("sign.certificate is not of sign.key; the first certificate in the file must be");
  }
  return { key, certificates: `${certificates.join("\n")}\n` };
}

/**
 * The `.cert` member as VMware's tools write and read it: the manifest's signature in a line like the manifest's own,
 * then the certificates (https://github.com/vmware/open-vmdk, ova-compose).
 */
export function certText(manifestName: string, manifest: Buffer, { key, certificates }: Signer): string {
  return `SHA256(${manifestName})= ${sign("sha256", manifest, key).toString("hex")}\n${certificates}`;
}

/** Everything wrong with a `.cert` member; the certificate itself is trusted or not by whoever imports. */
export function signatureProblems(text: string, manifestName: string, manifest: Buffer): string[] {
  const [, name, signature] = /^SHA256\(([^()/]+)\)= ([0-9a-f]+)\n/.exec(text) ?? [];
  const [own] = text.match(CERTIFICATE) ?? [];
  if (name !== manifestName || signature === undefined) return ["its line is not as it should be"];
  if (own === undefined) return ["no certificate"];
  try {
    const { publicKey } = new X509Certificate(own);
    const holds = verify("sha256", manifest, publicKey, Buffer.from(signature, "hex"));
    return holds ? [] : ["it does not hold for the manifest"];
  } catch (error) {
    return [messageOf(error)];
  }
}

function privateKey(text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    // What OpenSSL says about it can hold parts of the file.
    throw signError("sign.key is no private key in PEM form, or it wants a passphrase");
  }
}

function certificate(text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw signError(`sign.certificate: ${messageOf(error)}`);
  }
}

function signError(message: string): PosternError {
  return new PosternError({
    code: "input.sign",
    message,
    hint: "docs/recipe.md says what sign.key and sign.certificate must be, and how to make them.",
  });
}
