import type { FileHandle } from "node:fs/promises";
import { fileSource, partOf, readExactly, writeExactly } from "../../../appliance/disk/bytes.ts";
import { crc32cUpdate } from "../../../appliance/disk/crc32.ts";
import { groupOf, INODE, INODE_SIZE, ROOT_INODE, readShape } from "./shape.ts";

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

/**
 * Takes the build host out of a fresh ext4. mke2fs 1.47.0 copies the tree's change and access times, which no
 * tool can set beforehand: they become the modification time. It also gives the root folder its own permissions
 * instead of the tree's. Inode checksums are made again.
 *
 * @throws PosternError `artifact.ext4` when it is not the ext4 that `makeExt4` makes.
 */
export async function settleInodes(file: FileHandle, options: SettleOptions): Promise<void> {
  const disk = await fileSource(file);
  const shape = await readShape(partOf(disk, options.offset, disk.size - options.offset));
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

function settleTimes(inode: Buffer, epoch: number): void {
  const time = Math.min(inode.readUInt32LE(INODE.mtime), epoch);
  for (const at of [INODE.atime, INODE.ctime, INODE.mtime, INODE.crtime]) inode.writeUInt32LE(time, at);
  for (const at of [INODE.ctimeExtra, INODE.mtimeExtra, INODE.atimeExtra, INODE.crtimeExtra]) {
    inode.writeUInt32LE(0, at);
  }
}

function settleRoot(inode: Buffer, root: RootFolder): void {
  inode.writeUInt16LE((inode.readUInt16LE(INODE.mode) & 0xf000) | root.mode, INODE.mode);
  inode.writeUInt16LE(root.uid & 0xffff, INODE.uid);
  inode.writeUInt16LE(root.uid >>> 16, INODE.uidHigh);
  inode.writeUInt16LE(root.gid & 0xffff, INODE.gid);
  inode.writeUInt16LE(root.gid >>> 16, INODE.gidHigh);
}

/** CRC-32C from the file system's seed over number, generation and the inode with its checksum as 0. */
function sealInode(inode: Buffer, number: number, seed: number): void {
  inode.writeUInt16LE(0, INODE.sumLow);
  inode.writeUInt16LE(0, INODE.sumHigh);
  const salt = Buffer.alloc(8);
  salt.writeUInt32LE(number, 0);
  inode.copy(salt, 4, INODE.generation, INODE.generation + 4);
  const sum = crc32cUpdate(crc32cUpdate(seed, salt), inode);
  inode.writeUInt16LE(sum & 0xffff, INODE.sumLow);
  inode.writeUInt16LE(sum >>> 16, INODE.sumHigh);
}
