import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import { crc32cUpdate } from "../../../appliance/disk/crc32.ts";
import { PosternError } from "../../error.ts";

/** Offsets from the kernel's Documentation/filesystems/ext4: super block, group descriptor, inode. */
const SUPER = {
  at: 1024,
  magic: 0x38,
  inodes: 0x00,
  perGroup: 0x28,
  inodeSize: 0x58,
  logBlock: 0x18,
} as const;
const SUPER_LATER = { incompatible: 0x60, readOnly: 0x64, uuid: 0x68, descriptor: 0xfe } as const;
const GROUP = { tableLow: 0x08, flags: 0x12, unusedLow: 0x1c, tableHigh: 0x28, unusedHigh: 0x32 } as const;
const MAGIC = 0xef53;
const INCOMPATIBLE_64BIT = 0x80;
const INCOMPATIBLE_CSUM_SEED = 0x2000;
const READ_ONLY_METADATA_CSUM = 0x400;
const GROUP_UNUSED = 1;

export const ROOT_INODE = 2;
export const INODE_SIZE = 256;
/** Where an inode's fields stand. */
export const INODE = {
  mode: 0x00,
  uid: 0x02,
  sizeLow: 0x04,
  atime: 0x08,
  ctime: 0x0c,
  mtime: 0x10,
  gid: 0x18,
  flags: 0x20,
  /** 60 bytes: an extent tree, a short link's target, or a device's numbers. */
  block: 0x28,
  generation: 0x64,
  attributesLow: 0x68,
  sizeHigh: 0x6c,
  attributesHigh: 0x76,
  uidHigh: 0x78,
  gidHigh: 0x7a,
  sumLow: 0x7c,
  extraSize: 0x80,
  sumHigh: 0x82,
  ctimeExtra: 0x84,
  mtimeExtra: 0x88,
  atimeExtra: 0x8c,
  crtime: 0x90,
  crtimeExtra: 0x94,
} as const;

/** What the super block and the group descriptors say of a file system. */
export interface Shape {
  blockSize: number;
  perGroup: number;
  groups: number;
  descriptors: Buffer;
  descriptorSize: number;
  /** Seed of the checksums. */
  seed: number;
}

/**
 * Reads the shape of an ext4.
 *
 * @param system the partition.
 * @throws PosternError `artifact.ext4` when it is not the ext4 that `makeExt4` makes.
 */
export async function readShape(system: ByteSource): Promise<Shape> {
  const superBlock = await system.read(SUPER.at, 1024);
  const incompatible = superBlock.readUInt32LE(SUPER_LATER.incompatible);
  const isOurs =
    superBlock.readUInt16LE(SUPER.magic) === MAGIC &&
    superBlock.readUInt16LE(SUPER.inodeSize) === INODE_SIZE &&
    (incompatible & INCOMPATIBLE_64BIT) !== 0 &&
    (incompatible & INCOMPATIBLE_CSUM_SEED) === 0 &&
    (superBlock.readUInt32LE(SUPER_LATER.readOnly) & READ_ONLY_METADATA_CSUM) !== 0;
  if (!isOurs) {
    throw new PosternError({
      code: "artifact.ext4",
      message: "it is not ext4 with 64bit and metadata_csum and 256-byte inodes",
      hint: "Make it with makeExt4.",
    });
  }
  const blockSize = 1024 << superBlock.readUInt32LE(SUPER.logBlock);
  const perGroup = superBlock.readUInt32LE(SUPER.perGroup);
  const groups = superBlock.readUInt32LE(SUPER.inodes) / perGroup;
  const descriptorSize = superBlock.readUInt16LE(SUPER_LATER.descriptor);
  // The descriptors follow the super block's block, which is block 0 with blocks larger than 1 KiB.
  const descriptors = await system.read(blockSize, groups * descriptorSize);
  const seed = crc32cUpdate(0xffffffff, superBlock.subarray(SUPER_LATER.uuid, SUPER_LATER.uuid + 16));
  return { blockSize, perGroup, groups, descriptors, descriptorSize, seed };
}

/** First block of a group's inode table, and how many of its inodes may be in use. */
export function groupOf(shape: Shape, group: number): { table: number; used: number } {
  const at = group * shape.descriptorSize;
  const descriptor = shape.descriptors.subarray(at, at + shape.descriptorSize);
  const table = descriptor.readUInt32LE(GROUP.tableLow) + descriptor.readUInt32LE(GROUP.tableHigh) * 2 ** 32;
  if ((descriptor.readUInt16LE(GROUP.flags) & GROUP_UNUSED) !== 0) return { table, used: 0 };
  const unused = descriptor.readUInt16LE(GROUP.unusedLow) + descriptor.readUInt16LE(GROUP.unusedHigh) * 65536;
  return { table, used: shape.perGroup - unused };
}
