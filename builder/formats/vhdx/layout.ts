/**
 * The dynamic VHDX as this project lays it out. Field values are from [MS-VHDX], "Virtual Hard Disk v2 (VHDX) File
 * Format", sections 2.1 to 2.6.
 */

const KIB = 1024;
export const MIB = 1024 * KIB;

export const IDENTIFIER = { signature: "vhdxfile", creator: "Postern", creatorBytes: 512 } as const;
/** Both copies of the header and of the region table, by offset. */
export const HEADERS = [64 * KIB, 128 * KIB] as const;
export const REGION_TABLES = [192 * KIB, 256 * KIB] as const;
export const HEADER = { size: 4 * KIB, signature: "head" } as const;
export const REGION_TABLE = { size: 64 * KIB, signature: "regi" } as const;
export const LOG = { offset: MIB, size: MIB } as const;
export const METADATA = { offset: 2 * MIB, size: MIB, table: 64 * KIB, signature: "metadata" } as const;
/** The block allocation table stands last, because it grows with the disk. */
export const BAT_OFFSET = 3 * MIB;
export const REGION = {
  bat: "2dc27766-f623-4200-9d64-115e9bfd4a08",
  metadata: "8b7ca206-4790-4b9a-b8fe-575f050f886e",
} as const;

/** Microsoft's advice for Linux guests: ext4 scatters small writes, and large blocks would fill a dynamic disk. */
export const BLOCK = MIB;
export const LOGICAL_SECTOR = 512;
/** As New-VHD makes them: the guest sees 512-byte sectors that are best written eight at a time. */
export const PHYSICAL_SECTOR = 4096;
/** Payload entries between two sector-bitmap entries of the table. */
export const CHUNK = (2 ** 23 * LOGICAL_SECTOR) / BLOCK;
/** States of a payload block. */
export const STATE = { zero: 2, present: 6 } as const;

export const ITEM = {
  fileParameters: "caa16737-fa36-4d43-b3b6-33f0aa44e76b",
  diskSize: "2fa54224-cd1b-4876-b211-5dbed83bf4b8",
  diskId: "beca12ab-b2e6-4523-93ef-c309e000c746",
  logicalSector: "8141bf1d-a96f-4709-ba47-f233a8faab5f",
  physicalSector: "cda348c7-445d-4471-9cc9-e9885251c556",
} as const;
/** Flags of a metadata item. */
export const ITEM_FLAG = { virtualDisk: 2, required: 4 } as const;

export interface VhdxLayout {
  /** Blocks of the disk. */
  blocks: number;
  /** Entries of the block allocation table, sector bitmaps counted. */
  entries: number;
  batSize: number;
  /** Where the first block goes. */
  payload: number;
}

/** The layout for a disk of `size` bytes, whole MiB. */
export function vhdxLayout(size: number): VhdxLayout {
  const blocks = size / BLOCK;
  const entries = entryOf(blocks - 1) + 1;
  const batSize = Math.ceil((entries * 8) / MIB) * MIB;
  return { blocks, entries, batSize, payload: BAT_OFFSET + batSize };
}

/** The table's entry of a block. */
export function entryOf(block: number): number {
  return block + Math.floor(block / CHUNK);
}
