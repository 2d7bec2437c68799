import { createHash } from "node:crypto";
import { type Parsed, wrong } from "../network/address.ts";

export interface SshKey {
  type: string;
  /** base64 of the key blob (RFC 4253 section 6.6). */
  blob: string;
  comment: string;
}

const EXAMPLE = "one line of a .pub file, such as ssh-ed25519 AAAA... name";
const LONGEST = 8192;
/** NIST SP 800-131A: shorter RSA keys are no longer to be used. */
const SHORTEST_RSA = 2048;

const TYPES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
  "ssh-rsa",
];

/**
 * Parses one OpenSSH public key line (sshd(8), AUTHORIZED_KEYS FILE FORMAT) without options:
 * an option such as `command=` in front could give a key more or less than the reader thinks.
 */
export function parseSshKey(text: string): Parsed<SshKey> {
  const line = text.trim();
  if (line.length > LONGEST) return wrong(`${EXAMPLE}; this is longer than ${LONGEST} characters`);
  if (/PRIVATE KEY/.test(line)) return wrong("the public key (the .pub file); this is a private key");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character would end or hide the line.
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line))
    return wrong(`${EXAMPLE}; without line breaks inside`);
  const [type = "", blob = "", ...comment] = line.split(/ +/);
  if (type === "ssh-dss") return wrong("an Ed25519, ECDSA or RSA key; DSA is too weak");
  if (!TYPES.includes(type)) return wrong(`${EXAMPLE}; the line must begin with the key type`);
  const bytes = Buffer.from(blob, "base64");
  if (blob === "" || bytes.toString("base64") !== blob)
    return wrong(`${EXAMPLE}; the long middle part is damaged`);
  const fields = fieldsOf(bytes);
  if (fields === undefined || fields[0]?.toString("latin1") !== type || fields.length < 2) {
    return wrong(`${EXAMPLE}; the long middle part is not a whole ${type} key`);
  }
  const bits = type === "ssh-rsa" ? bitsOf(fields[2]) : undefined;
  if (bits !== undefined && bits < SHORTEST_RSA)
    return wrong(`an RSA key of ${SHORTEST_RSA} bits or more; this has ${bits}`);
  return { ok: true, value: { type, blob, comment: comment.join(" ") } };
}

export function sshKeyText({ type, blob, comment }: SshKey): string {
  return [type, blob, comment].filter((part) => part !== "").join(" ");
}

/** `SHA256:...`, as ssh-keygen -l prints it. */
export function fingerprint({ blob }: SshKey): string {
  const hash = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64");
  return `SHA256:${hash.replace(/=+$/, "")}`;
}

/** The length-prefixed strings of a key blob; undefined when the lengths do not add up. */
function fieldsOf(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (offset + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(offset);
    offset += 4;
    if (offset + length > bytes.length) return undefined;
    fields.push(bytes.subarray(offset, offset + length));
    offset += length;
  }
  return fields;
}

/** Bits of a multiple precision integer (RFC 4251 section 5). */
function bitsOf(number: Buffer | undefined): number {
  if (number === undefined || number.length === 0) return 0;
  return BigInt(`0x${number.toString("hex")}`).toString(2).length;
}
