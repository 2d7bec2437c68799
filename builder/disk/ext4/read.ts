import { type ByteSource, isZero } from "../../../appliance/disk/bytes.ts";
import { type Attributes, blockAttributes, inodeAttributes } from "./attributes.ts";
import { fileBytes, fileExtents } from "./extents.ts";
import { groupOf, INODE, INODE_SIZE, ROOT_INODE, readShape, type Shape } from "./shape.ts";

/** An entry of a file system. */
export interface Ext4Node {
  /** Without a first slash; the root is the empty path. */
  path: string;
  inode: number;
  /** `S_IFMT` and permissions, as stat(2) gives them. */
  mode: number;
  uid: number;
  gid: number;
  /** Seconds since 1970. */
  mtime: number;
  size: number;
  attributes: Attributes;
  /** Content of a file, target of a link. */
  content(): AsyncIterable<Buffer>;
  /** `major:minor` of a device's node. */
  device: string;
}

export const FORMAT = { mask: 0xf000, directory: 0x4000, link: 0xa000, file: 0x8000 } as const;
const DEVICES: readonly number[] = [0x2000, 0x6000];
const FLAG_EXTENTS = 0x80000;
/** A link's target up to here stands in the inode. */
const SHORT_LINK = 60;

/**
 * Every entry of an ext4 as `makeExt4` writes it, each folder before what is in it, sorted by code unit.
 *
 * @param system the partition.
 * @throws PosternError `artifact.ext4`, RangeError when the file system is broken.
 */
export async function* readExt4(system: ByteSource): AsyncGenerator<Ext4Node> {
  const inodes = await readInodes(system);
  const { shape } = inodes;
  yield* walk("", ROOT_INODE, new Set());

  async function* walk(path: string, number: number, above: ReadonlySet<number>): AsyncGenerator<Ext4Node> {
    const node = await nodeOf(system, inodes, path, number);
    yield node;
    if ((node.mode & FORMAT.mask) !== FORMAT.directory) return;
    if (above.has(number)) throw new RangeError(`folder ${path} holds itself`);
    const bytes = Buffer.concat(await Array.fromAsync(node.content()));
    const inside = namesOf(bytes, shape.blockSize).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, inode } of inside) {
      yield* walk(path === "" ? name : `${path}/${name}`, inode, new Set([...above, number]));
    }
  }
}

/**
 * One entry by its path, links not followed: a file system in a container is not read through for one file.
 *
 * @returns undefined when it is not there.
 * @throws PosternError `artifact.ext4`, RangeError when the file system is broken.
 */
export async function findExt4(system: ByteSource, path: string): Promise<Ext4Node | undefined> {
  const inodes = await readInodes(system);
  let node = await nodeOf(system, inodes, "", ROOT_INODE);
  for (const part of path.split("/")) {
    if ((node.mode & FORMAT.mask) !== FORMAT.directory) return undefined;
    const bytes = Buffer.concat(await Array.fromAsync(node.content()));
    const found = namesOf(bytes, inodes.shape.blockSize).find(({ name }) => name === part);
    if (found === undefined) return undefined;
    node = await nodeOf(system, inodes, node.path === "" ? part : `${node.path}/${part}`, found.inode);
  }
  return node;
}

interface Inodes {
  shape: Shape;
  /** The used part of each group's table. */
  tables: readonly Buffer[];
}

async function readInodes(system: ByteSource): Promise<Inodes> {
  const shape = await readShape(system);
  const tables: Buffer[] = [];
  for (let group = 0; group < shape.groups; group++) {
    const { table, used } = groupOf(shape, group);
    tables.push(await system.read(table * shape.blockSize, used * INODE_SIZE));
  }
  return { shape, tables };
}

async function nodeOf(system: ByteSource, inodes: Inodes, path: string, number: number): Promise<Ext4Node> {
  const { shape, tables } = inodes;
  const index = (number - 1) % shape.perGroup;
  const table = tables[Math.floor((number - 1) / shape.perGroup)];
  const inode = table?.subarray(index * INODE_SIZE, (index + 1) * INODE_SIZE);
  if (inode?.length !== INODE_SIZE) throw new RangeError(`${path}: no inode ${number}`);
  const mode = inode.readUInt16LE(INODE.mode);
  const size = inode.readUInt32LE(INODE.sizeLow) + inode.readUInt32LE(INODE.sizeHigh) * 2 ** 32;
  const root = inode.subarray(INODE.block, INODE.block + SHORT_LINK);
  return {
    path,
    inode: number,
    mode,
    uid: inode.readUInt16LE(INODE.uid) + inode.readUInt16LE(INODE.uidHigh) * 65536,
    gid: inode.readUInt16LE(INODE.gid) + inode.readUInt16LE(INODE.gidHigh) * 65536,
    mtime: inode.readUInt32LE(INODE.mtime),
    size,
    attributes: await attributesOf(system, inode, shape.blockSize),
    content: async function* () {
      if ((mode & FORMAT.mask) === FORMAT.link && size < SHORT_LINK) {
        yield root.subarray(0, size);
      } else if ((inode.readUInt32LE(INODE.flags) & FLAG_EXTENTS) !== 0) {
        yield* fileBytes(system, await fileExtents(system, root, shape.blockSize), size);
      } else if (size > 0 || !isZero(root)) {
        throw new RangeError(`${path}: its blocks are not in extents`);
      }
    },
    device: DEVICES.includes(mode & FORMAT.mask) ? deviceText(root) : "",
  };
}

async function attributesOf(system: ByteSource, inode: Buffer, blockSize: number): Promise<Attributes> {
  const within = inodeAttributes(inode);
  const block = inode.readUInt32LE(INODE.attributesLow) + inode.readUInt16LE(INODE.attributesHigh) * 2 ** 32;
  if (block === 0) return within;
  return new Map([...within, ...blockAttributes(await system.read(block * blockSize, blockSize))]);
}

/** Old numbers have 8 bits each in the first word, new ones 12 and 20 in the second. */
function deviceText(root: Buffer): string {
  const old = root.readUInt32LE(0);
  if (old !== 0) return `${old >>> 8}:${old & 0xff}`;
  const device = root.readUInt32LE(4);
  return `${(device >>> 8) & 0xfff}:${(device & 0xff) | ((device >>> 12) & 0xfff00)}`;
}

/** A folder's names, also where an index lies over them: to who reads on it looks like one empty entry. */
function namesOf(bytes: Buffer, blockSize: number): { name: string; inode: number }[] {
  const names: { name: string; inode: number }[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const inode = bytes.readUInt32LE(at);
    const step = bytes.readUInt16LE(at + 4);
    const length = bytes.readUInt8(at + 6);
    if (step < 8 || (at % blockSize) + step > blockSize) throw new RangeError("a folder is broken");
    const name = bytes.toString("utf8", at + 8, at + 8 + length);
    if (inode !== 0 && name !== "." && name !== "..") names.push({ name, inode });
    at += step;
  }
  return names;
}
