/**
 * The streamOptimized VMDK as VMware's own tools write it: header, descriptor, grain directory and tables first,
 * then compressed grains, then one empty sector.
 *
 * @see "Virtual Disk Format 5.0", VMware, for the fields; open-vmdk for the order.
 */

export const SECTOR = 512;
export const MAGIC = 0x564d444b;
export const VERSION = 3;
/** Valid newline test; compressed grains; markers. No redundant directory. */
export const FLAGS = 0x00030001;
export const GRAIN_SECTORS = 128;
export const GRAIN = GRAIN_SECTORS * SECTOR;
export const TABLE_ENTRIES = 512;
export const TABLE_SECTORS = (TABLE_ENTRIES * 4) / SECTOR;
export const DESCRIPTOR_SECTOR = 1;
export const DESCRIPTOR_SECTORS = 20;
export const COMPRESSION_DEFLATE = 1;
/** Before a grain's data: its first sector on the disk (u64) and its compressed size (u32). */
export const MARKER = 12;
/** `\n`, space, `\r\n`: a transfer as text would change them. */
export const NEWLINES = [0x0a, 0x20, 0x0d, 0x0a] as const;

/** Offsets of the header's fields. */
export const FIELD = {
  magic: 0,
  version: 4,
  flags: 8,
  capacity: 12,
  grainSize: 20,
  descriptorOffset: 28,
  descriptorSize: 36,
  tableEntries: 44,
  redundantDirectory: 48,
  directory: 56,
  overhead: 64,
  unclean: 72,
  newlines: 73,
  compression: 77,
} as const;

/** Where the parts lie, in sectors. */
export interface VmdkLayout {
  capacity: number;
  grains: number;
  tables: number;
  directory: number;
  firstTable: number;
  /** Sectors before the first grain. */
  overhead: number;
}

/** The layout for a disk of `size` bytes, a multiple of 64 KiB. */
export function vmdkLayout(size: number): VmdkLayout {
  const capacity = size / SECTOR;
  const grains = capacity / GRAIN_SECTORS;
  const tables = Math.ceil(grains / TABLE_ENTRIES);
  const directory = DESCRIPTOR_SECTOR + DESCRIPTOR_SECTORS;
  const firstTable = directory + Math.ceil((tables * 4) / SECTOR);
  return { capacity, grains, tables, directory, firstTable, overhead: firstTable + tables * TABLE_SECTORS };
}
