/**
 * Reads the 512-byte headers of a POSIX tar (ustar, IEEE 1003.1), and nothing more of it than an OVA needs.
 * Written apart from the code that packs an OVA, so that a fault there cannot hide itself here.
 */

export const BLOCK = 512;

export interface TarEntry {
  name: string;
  /** Bytes of the content, which starts right after the header. */
  size: number;
  /** `file` or the type flag as it stands in the header. */
  type: "file" | "other";
}

/** Blocks that the content takes, padding included, in bytes. */
export function paddedSize(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/**
 * One header, or undefined for the zero block that ends the archive.
 * @throws Error when the block is no ustar header or its checksum is wrong.
 */
export function readHeader(block: Uint8Array): TarEntry | undefined {
  if (block.length !== BLOCK) throw new Error(`a tar header has ${BLOCK} bytes, not ${block.length}`);
  if (block.every((byte) => byte === 0)) return undefined;
  if (text(block, 257, 5) !== "ustar") throw new Error("not a ustar header");
  if (octal(block, 148, 8) !== checksum(block)) throw new Error("the tar header's checksum is wrong");
  const prefix = text(block, 345, 155);
  const name = text(block, 0, 100);
  const flag = text(block, 156, 1);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: octal(block, 124, 12),
    type: flag === "" || flag === "0" ? "file" : "other",
  };
}

/** The sum of all bytes, the checksum field itself taken as spaces. */
export function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

function text(block: Uint8Array, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder("utf-8", { fatal: true }).decode(end < 0 ? field : field.subarray(0, end));
}

function octal(block: Uint8Array, start: number, length: number): number {
  const digits = text(block, start, length).trim();
  if (!/^[0-7]+$/.test(digits))
    throw new Error(`not an octal number in a tar header: ${JSON.stringify(digits)}`);
  return Number.parseInt(digits, 8);
}
