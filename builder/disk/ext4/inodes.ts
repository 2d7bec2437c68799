import type { FileHandle } from "node:fs/promises";
import { readExactly, writeExactly } from "../../../appliance/disk/bytes.ts";
import { crc32cUpdate } from "../../../appliance/disk/crc32.ts";
import { PosternError } from "../../error.ts";

/** Who owns the root folder of a file system, and its permissions (`0o755`). */
export interface RootFolder {
  uid: number;
  gid: number;
  mode: number;
}

export interface SettleOptions {
  /** Where the file system starts, in bytes. */
  offset: number;
  /** Seconds since 1970; no time stays later than this. */
  epoch: number;
  root?: RootFolder;
}

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
const INODE = { mode: 0x00, uid: 0x02, atime: 0x08, ctime: 0x0c, mtime: 0x10, gid: 0x18 } as const;
const INODE_LATER = { generation: 0x64, sumLow: 0x7c, sumHigh: 0x82, extra: 0x84, uidHigh: 0x78 } as const;
const INODE_NEW = {
  mtimeExtra: 0x88,
  atimeExtra: 0x8c,
  crtime: 0x90,
  crtimeExtra: 0x94,
  gidHigh: 0x7a,
} as const;
const MAGIC = 0xef53;
const INCOMPATIBLE_64BIT = 0x80;
const INCOMPATIBLE_CSUM_SEED = 0x2000;
const READ_ONLY_METADATA_CSUM = 0x400;
const GROUP_UNUSED = 1;
const ROOT_INODE = 2;
const INODE_SIZE = 256;

/**
 * Takes the build host out of a fresh ext4. mke2fs 1.47.0 copies the tree's change and access times, which no
 * tool can set beforehand: they become the modification time. It also gives the root folder its own permissions
 * instead of the tree's. Inode checksums are made again.
 *
 * @throws PosternError `artifact.ext4` when it is not the ext4 that `makeExt4` makes.
 */
export async function settleInodes(file: FileHandle, options: SettleOptions): Promise<void> {
  const shape = await readShape(file, options.offset);
  for (let group = 0; group < shape.groups; group++) {
    const { table, used } = groupOf(shape, group);
    if (used === 0) continue;
    const at = options.offset + table * shape.blockSize;
    const inodes = await readExactly(file, at, used * INODE_SIZE);
    for (let index = 0; index < used; index++) {
      const inode = inodes.subarray(index * INODE_SIZE, (index + 1) * INODE_SIZE);
      if (inode.readUInt16LE(INODE.mode) === 0) continue;
      const number = group * shape.perGroup + index + 1;
      settleTimes(inode, options.epoch);
      if (number === ROOT_INODE && options.root !== undefined) settleRoot(inode, options.root);
      sealInode(inode, number, shape.seed);
    }
    await writeExactly(file, at, inodes);
  }
}

interface Shape {
  blockSize: number;
  perGroup: number;
  groups: number;
  descriptors: Buffer;
  descriptorSize: number;
  seed: number;
}

async function readShape(file: FileHandle, offset: number): Promise<Shape> {
  const superBlock = await readExactly(file, offset + SUPER.at, 1024);
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
      message: `the file system at ${offset} is not ext4 with 64bit and metadata_csum and 256-byte inodes`,
      hint: "Make it with makeExt4.",
    });
  }
  const blockSize = 1024 << superBlock.readUInt32LE(SUPER.logBlock);
  const perGroup = superBlock.readUInt32LE(SUPER.perGroup);
  const groups = superBlock.readUInt32LE(SUPER.inodes) / perGroup;
  const descriptorSize = superBlock.readUInt16LE(SUPER_LATER.descriptor);
  // The descriptors follow the super block's block, which is block 0 with blocks larger than 1 KiB.
  const descriptors = await readExactly(file, offset + blockSize, groups * descriptorSize);
  const seed = crc32cUpdate(0xffffffff, superBlock.subarray(SUPER_LATER.uuid, SUPER_LATER.uuid + 16));
  return { blockSize, perGroup, groups, descriptors, descriptorSize, seed };
}

/** First block of a group's inode table, and how many of its inodes may be in use. */
function groupOf(shape: Shape, group: number): { table: number; used: number } {
  const at = group * shape.descriptorSize;
  const descriptor = shape.descriptors.subarray(at, at + shape.descriptorSize);
  const table = descriptor.readUInt32LE(GROUP.tableLow) + descriptor.readUInt32LE(GROUP.tableHigh) * 2 ** 32;
  if ((descriptor.readUInt16LE(GROUP.flags) & GROUP_UNUSED) !== 0) return { table, used: 0 };
  const unused = descriptor.readUInt16LE(GROUP.unusedLow) + descriptor.readUInt16LE(GROUP.unusedHigh) * 65536;
  return { table, used: shape.perGroup - unused };
}

function settleTimes(inode: Buffer, epoch: number): void {
  const time = Math.min(inode.readUInt32LE(INODE.mtime), epoch);
  for (const at of [INODE.atime, INODE.ctime, INODE.mtime, INODE_NEW.crtime]) inode.writeUInt32LE(time, at);
  for (const at of [INODE_LATER.extra, INODE_NEW.mtimeExtra, INODE_NEW.atimeExtra, INODE_NEW.crtimeExtra]) {
    inode.writeUInt32LE(0, at);
  }
}

function settleRoot(inode: Buffer, root: RootFolder): void {
  inode.writeUInt16LE((inode.readUInt16LE(INODE.mode) & 0xf000) | root.mode, INODE.mode);
  inode.writeUInt16LE(root.uid & 0xffff, INODE.uid);
  inode.writeUInt16LE(root.uid >>> 16, INODE_LATER.uidHigh);
  inode.writeUInt16LE(root.gid & 0xffff, INODE.gid);
  inode.writeUInt16LE(root.gid >>> 16, INODE_NEW.gidHigh);
}

/** CRC-32C from the file system's seed over number, generation and the inode with its checksum as 0. */
function sealInode(inode: Buffer, number: number, seed: number): void {
  inode.writeUInt16LE(0, INODE_LATER.sumLow);
  inode.writeUInt16LE(0, INODE_LATER.sumHigh);
  const salt = Buffer.alloc(8);
  salt.writeUInt32LE(number, 0);
  inode.copy(salt, 4, INODE_LATER.generation, INODE_LATER.generation + 4);
  const sum = crc32cUpdate(crc32cUpdate(seed, salt), inode);
  inode.writeUInt16LE(sum & 0xffff, INODE_LATER.sumLow);
  inode.writeUInt16LE(sum >>> 16, INODE_LATER.sumHigh);
}
