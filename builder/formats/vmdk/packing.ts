import { hash } from "node:crypto";
import { isZero, roundUp } from "../../../appliance/disk/bytes.ts";
import { deflate64k } from "../deflate/zlib.ts";
import { GRAIN, GRAIN_SECTORS, MARKER, SECTOR } from "./layout.ts";

/** Grains that are packed at a time: 1 MiB of the disk. */
export const GRAINS_AT_ONCE = 16;
/** Room for as many that do not pack at all, with markers and padding. */
export const PACKED_ROOM = GRAINS_AT_ONCE * (GRAIN + 2 * SECTOR);

/** A grain as it stands in the file. */
export interface PackedGrain {
  /** Its number. */
  index: number;
  /** Bytes, whole sectors. */
  size: number;
  /** SHA-256 of its content, hex. */
  digest: string;
}

/**
 * Packs whole grains, the first of which has the number `first`, into `room`, one behind the other. Those that are
 * all zero are left out.
 */
export function packGrains(bytes: Uint8Array, first: number, room: Buffer): PackedGrain[] {
  const packed: PackedGrain[] = [];
  let end = 0;
  for (let at = 0; at < bytes.length; at += GRAIN) {
    const content = bytes.subarray(at, at + GRAIN);
    if (isZero(content)) continue;
    const index = first + at / GRAIN;
    const size = packGrain(content, index, room.subarray(end));
    packed.push({ index, size, digest: hash("sha256", content) });
    end += size;
  }
  return packed;
}

/** Marker and data, padded to whole sectors. @returns how many bytes that is */
function packGrain(content: Uint8Array, index: number, room: Buffer): number {
  const deflated = deflate64k(content);
  const end = MARKER + deflated.length;
  const size = roundUp(end, SECTOR);
  room.writeBigUInt64LE(BigInt(index * GRAIN_SECTORS), 0);
  room.writeUInt32LE(deflated.length, 8);
  room.set(deflated, MARKER);
  room.fill(0, end, size);
  return size;
}
