import { INODE, INODE_SIZE } from "./shape.ts";

/** Of the kernel's fs/ext4/xattr.h. */
const MAGIC = 0xea020000;
const PREFIXES: Readonly<Record<number, string>> = {
  1: "user.",
  2: "system.posix_acl_access",
  3: "system.posix_acl_default",
  4: "trusted.",
  6: "security.",
  7: "system.",
};
const ENTRY = { nameLength: 0, nameIndex: 1, valueOffset: 2, valueInode: 4, valueSize: 8, name: 16 } as const;
const BLOCK_HEADER = 32;
/** The part of an inode that all ext file systems share; more fields and the attributes follow. */
const OLD_INODE = 128;

/** Extended attributes by name, values as bytes. @throws RangeError when they reach past their place. */
export type Attributes = Map<string, Buffer>;

/** Those within the inode itself. */
export function inodeAttributes(inode: Buffer): Attributes {
  const start = OLD_INODE + inode.readUInt16LE(INODE.extraSize);
  if (start + 8 > INODE_SIZE || inode.readUInt32LE(start) !== MAGIC) return new Map();
  const space = inode.subarray(start + 4);
  return entriesOf(space, 0, space);
}

/** Those in a block of their own. */
export function blockAttributes(block: Buffer): Attributes {
  if (block.readUInt32LE(0) !== MAGIC) throw new RangeError("a block of extended attributes is none");
  return entriesOf(block, BLOCK_HEADER, block);
}

function entriesOf(space: Buffer, start: number, values: Buffer): Attributes {
  const found: Attributes = new Map();
  for (let at = start; at + 4 <= space.length && space.readUInt32LE(at) !== 0; ) {
    const length = space.readUInt8(at + ENTRY.nameLength);
    const prefix = PREFIXES[space.readUInt8(at + ENTRY.nameIndex)];
    if (prefix === undefined || space.readUInt32LE(at + ENTRY.valueInode) !== 0)
      throw new RangeError("an extended attribute of a kind that is not known");
    const name = space.toString("utf8", at + ENTRY.name, at + ENTRY.name + length);
    const offset = space.readUInt16LE(at + ENTRY.valueOffset);
    const size = space.readUInt32LE(at + ENTRY.valueSize);
    found.set(prefix + name, Buffer.from(values.subarray(offset, offset + size)));
    at += Math.ceil((ENTRY.name + length) / 4) * 4;
  }
  return found;
}
