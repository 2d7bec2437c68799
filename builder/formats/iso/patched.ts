import { createHash } from "node:crypto";

/**
 * Places that the ISO's writer fills in because they tell where on the medium something lies: the boot information
 * table (8 to 63) and GRUB's own note (2548, u64) in the El Torito image, and the image's place in GRUB's first sector
 * (432, u64).
 *
 * @see https://www.gnu.org/software/xorriso/man_1_xorrisofs.html (-boot-info-table, --grub2-boot-info, --grub2-mbr)
 */
const INFO_TABLE = { start: 8, end: 64 } as const;
const GRUB_NOTE = 2548;
/** Bytes of code in the first sector; partition entries and signature stand behind. */
const MBR_CODE = 432;

/** The image without what tells where it lies. */
export function unplacedEltorito(image: Buffer): Buffer {
  const bytes = Buffer.from(image);
  bytes.fill(0, INFO_TABLE.start, INFO_TABLE.end);
  bytes.fill(0, GRUB_NOTE, GRUB_NOTE + 8);
  return bytes;
}

/**
 * The image as it must stand on a medium at this block: blocks have 2048 bytes, GRUB's note counts sectors of 512 and
 * goes past the first four, and one more.
 */
export function placedEltorito(image: Buffer, block: number): Buffer {
  const bytes = unplacedEltorito(image);
  bytes.writeBigUInt64LE(BigInt(block * 4 + 5), GRUB_NOTE);
  let sum = 0;
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  for (let at = INFO_TABLE.end; at < padded.length; at += 4) sum = (sum + padded.readUInt32LE(at)) >>> 0;
  // The volume descriptor's block, the image's own, its length, the sum of what follows the table.
  for (const [index, value] of [16, block, bytes.length, sum].entries()) {
    bytes.writeUInt32LE(value, INFO_TABLE.start + 4 * index);
  }
  return bytes;
}

/** Where GRUB's first sector thinks the El Torito image is: its sector (512 bytes), plus the 4 that it loads after. */
export function mbrTarget(sector: Buffer): number {
  return Number(sector.readBigUInt64LE(MBR_CODE));
}

/** GRUB's first sector without partitions and without what tells where things lie. */
export function unplacedMbr(sector: Buffer): Buffer {
  const bytes = Buffer.alloc(512);
  sector.copy(bytes, 0, 0, MBR_CODE);
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}

export function sha256Bytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
