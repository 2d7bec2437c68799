import { crc32 as zlibCrc32 } from "node:zlib";

/** CRC-32 as GPT uses it (IEEE polynomial, the one of zlib). */
export function crc32(bytes: Uint8Array): number {
  return zlibCrc32(bytes);
}

/** Castagnoli's polynomial, bits reversed (RFC 3720, section 12.1). */
const CASTAGNOLI = 0x82f63b78;
const TABLE = castagnoliTable();

/** CRC-32C with the usual inversion at both ends: VHDX headers and region tables. */
export function crc32c(bytes: Uint8Array): number {
  return (crc32cUpdate(0xffffffff, bytes) ^ 0xffffffff) >>> 0;
}

/** One step of CRC-32C without inversion, as ext4 chains it from a seed. */
export function crc32cUpdate(seed: number, bytes: Uint8Array): number {
  let crc = seed >>> 0;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return crc >>> 0;
}

function castagnoliTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let index = 0; index < 256; index++) {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ CASTAGNOLI : value >>> 1;
    table[index] = value;
  }
  return table;
}
