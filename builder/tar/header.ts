/**
 * The few fields of a tar header that the sealing needs, read from and written into raw 512-byte blocks, so
 * that everything else (owners, pax records, extended attributes) passes through untouched.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */

export const BLOCK = 512;

export interface TarHeader {
  name: string;
  /** Type flag: `0` file, `5` folder, `2` symbolic link, `x` pax records of the next entry, ... */
  type: string;
  /** Permissions with the set-id and sticky bits. */
  mode: number;
  uid: number;
  gid: number;
  /** Bytes of content. */
  size: number;
  linkName: string;
  /** Seconds since 1970. */
  mtime: number;
  /** `major:minor` of a device's node; empty for all else. */
  device: string;
}

const latin = (block: Buffer, start: number, end: number): string => {
  const text = block.toString("utf8", start, end);
  const nul = text.indexOf("\0");
  return nul < 0 ? text : text.slice(0, nul);
};

/** @returns undefined for a zero block, which ends an archive. @throws RangeError for a broken header. */
export function readHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (Number.parseInt(latin(block, 148, 156), 8) !== checksum(block)) {
    throw new RangeError("a tar header's checksum is wrong");
  }
  const isUstar = block.toString("latin1", 257, 262) === "ustar";
  const prefix = isUstar ? latin(block, 345, 500) : "";
  const name = latin(block, 0, 100);
  const type = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type,
    mode: readNumber(block, 100, 8),
    uid: readNumber(block, 108, 8),
    gid: readNumber(block, 116, 8),
    size: readNumber(block, 124, 12),
    linkName: latin(block, 157, 257),
    mtime: readNumber(block, 136, 12),
    device: type === "3" || type === "4" ? `${readNumber(block, 329, 8)}:${readNumber(block, 337, 8)}` : "",
  };
}

/** A copy of a header with another size, checksum mended. */
export function withSize(block: Buffer, size: number): Buffer {
  const copy = Buffer.from(block);
  copy.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  copy.write(`${checksum(copy).toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return copy;
}

/** Octal text, or GNU's base-256 for what does not fit. */
function readNumber(block: Buffer, start: number, length: number): number {
  if (((block[start] ?? 0) & 0x80) === 0) {
    return Number.parseInt(latin(block, start, start + length).trim() || "0", 8);
  }
  let value = 0n;
  for (let index = start + 1; index < start + length; index++)
    value = value * 256n + BigInt(block[index] ?? 0);
  return Number(value);
}

function checksum(block: Buffer): number {
  let sum = 0;
  for (let index = 0; index < BLOCK; index++) sum += index >= 148 && index < 156 ? 32 : (block[index] ?? 0);
  return sum;
}

/** Pax records (`length key=value\n`), values as bytes: extended attributes are binary. */
export function readPax(bytes: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number.parseInt(bytes.toString("latin1", at, space), 10);
    const record = bytes.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    if (!(length > 0) || equals < 0) throw new RangeError("a pax record is broken");
    records.set(record.toString("utf8", 0, equals), record.subarray(equals + 1));
    at += length;
  }
  return records;
}
