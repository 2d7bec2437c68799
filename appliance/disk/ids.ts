import { createHash } from "node:crypto";

/** Every id a disk carries. GUIDs and UUIDs are lower-case text; they all come from one seed. */
export interface DiskIds {
  /** GPT disk GUID. */
  disk: string;
  /** GPT partition GUIDs. */
  biosBoot: string;
  esp: string;
  root: string;
  log: string;
  /** ext4 file system UUIDs and directory hash seeds. */
  rootUuid: string;
  logUuid: string;
  rootHashSeed: string;
  logHashSeed: string;
  /** FAT volume serial number, 32 bits. */
  espSerial: number;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The ids for a seed: the same seed gives the same ids, another seed gives others. */
export function diskIds(seed: string): DiskIds {
  return {
    disk: derivedUuid(seed, "gpt disk"),
    biosBoot: derivedUuid(seed, "gpt bios boot"),
    esp: derivedUuid(seed, "gpt esp"),
    root: derivedUuid(seed, "gpt root"),
    log: derivedUuid(seed, "gpt log"),
    rootUuid: derivedUuid(seed, "ext4 root"),
    logUuid: derivedUuid(seed, "ext4 log"),
    rootHashSeed: derivedUuid(seed, "ext4 hash root"),
    logHashSeed: derivedUuid(seed, "ext4 hash log"),
    espSerial: derivedSerial(seed, "fat esp"),
  };
}

/** A version 8 UUID (RFC 9562, section 5.8): SHA-256 of seed and purpose under the version and variant bits. */
export function derivedUuid(seed: string, purpose: string): string {
  const bytes = digest(seed, purpose).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidText(bytes);
}

/** A 32-bit serial that is never 0, which some tools read as "none". */
export function derivedSerial(seed: string, purpose: string): number {
  return digest(seed, purpose).readUInt32BE(0) || 1;
}

/** UUID text as 16 bytes in the order it is read (ext4, RFC 9562). */
export function uuidBytes(text: string): Buffer {
  if (!UUID.test(text)) throw new TypeError(`not a UUID: ${text}`);
  return Buffer.from(text.replaceAll("-", ""), "hex");
}

/** GUID text as 16 bytes with the first three fields little endian (GPT, VHDX; UEFI specification, appendix A). */
export function guidBytes(text: string): Buffer {
  return swapFields(uuidBytes(text));
}

/** The text of 16 GUID bytes in GPT's order. */
export function guidText(bytes: Buffer): string {
  return uuidText(swapFields(bytes));
}

/** The text of 16 UUID bytes. */
export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/** A FAT serial as `/dev/disk/by-uuid` and fstab write it: `1A2B-3C4D`. */
export function serialText(serial: number): string {
  const hex = serial.toString(16).toUpperCase().padStart(8, "0");
  return `${hex.slice(0, 4)}-${hex.slice(4)}`;
}

function digest(seed: string, purpose: string): Buffer {
  return createHash("sha256").update(`postern\0${purpose}\0${seed}`).digest();
}

function swapFields(bytes: Buffer): Buffer {
  const swapped = Buffer.from(bytes.subarray(0, 16));
  swapped.subarray(0, 4).reverse();
  swapped.subarray(4, 6).reverse();
  swapped.subarray(6, 8).reverse();
  return swapped;
}
