import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import { ENTRY_BYTES, LONG_PLACES } from "../../../appliance/disk/fat/directory.ts";

/** An entry of a FAT file system. */
export interface FatNode {
  /** Without a first slash. */
  path: string;
  isDirectory: boolean;
  /** Attributes as they stand. */
  flags: number;
  /** Date and time of the last change as they stand: date in the upper 16 bits. */
  modified: number;
  bytes: Buffer;
}

const ATTRIBUTE = { volume: 0x08, directory: 0x10, longName: 0x0f } as const;
const FREE = 0xe5;
/** Cluster numbers from here on end a chain; the upper 4 bits are not part of the number. */
const END = 0x0ffffff8;
const NUMBER = 0x0fffffff;
const DEEPEST = 16;

interface Volume {
  source: ByteSource;
  table: Buffer;
  clusterSize: number;
  /** Where cluster 2 starts, in bytes. */
  data: number;
  root: number;
}

/**
 * Every file and folder of a FAT32, in the order they stand there.
 *
 * @see https://download.microsoft.com/download/1/6/1/161ba512-40e2-4cc9-843a-923143f3456c/fatgen103.doc
 * @throws RangeError when it is none, or broken.
 */
export async function readFat(source: ByteSource): Promise<FatNode[]> {
  const boot = await source.read(0, 512);
  const sector = boot.readUInt16LE(11);
  const reserved = boot.readUInt16LE(14);
  const tableSectors = boot.readUInt32LE(36);
  if (
    boot.readUInt16LE(510) !== 0xaa55 ||
    boot.readUInt16LE(22) !== 0 ||
    sector === 0 ||
    tableSectors === 0
  ) {
    throw new RangeError("it is no FAT32");
  }
  const volume: Volume = {
    source,
    table: await source.read(reserved * sector, tableSectors * sector),
    clusterSize: boot.readUInt8(13) * sector,
    data: (reserved + boot.readUInt8(16) * tableSectors) * sector,
    root: boot.readUInt32LE(44),
  };
  return folderNodes(volume, volume.root, "", 0);
}

async function folderNodes(
  volume: Volume,
  cluster: number,
  above: string,
  depth: number,
): Promise<FatNode[]> {
  if (depth > DEEPEST) throw new RangeError(`${above}: folders in each other`);
  const bytes = await chainBytes(volume, cluster);
  const nodes: FatNode[] = [];
  let long = "";
  for (let at = 0; at < bytes.length && bytes[at] !== 0; at += ENTRY_BYTES) {
    const entry = bytes.subarray(at, at + ENTRY_BYTES);
    const flags = entry.readUInt8(11);
    if (entry[0] !== FREE && flags === ATTRIBUTE.longName) {
      long = longPart(entry) + long;
      continue;
    }
    const name = long === "" ? shortName(entry) : long;
    long = "";
    if (entry[0] === FREE || (flags & ATTRIBUTE.volume) !== 0 || name === "." || name === "..") continue;
    const path = above === "" ? name : `${above}/${name}`;
    const first = entry.readUInt16LE(20) * 65536 + entry.readUInt16LE(26);
    const isDirectory = (flags & ATTRIBUTE.directory) !== 0;
    const modified = entry.readUInt16LE(24) * 65536 + entry.readUInt16LE(22);
    const size = entry.readUInt32LE(28);
    const content = isDirectory || size === 0 ? Buffer.alloc(0) : await chainBytes(volume, first);
    if (content.length < size) throw new RangeError(`${path}: shorter than it should be`);
    nodes.push({ path, isDirectory, flags, modified, bytes: content.subarray(0, size) });
    if (isDirectory) nodes.push(...(await folderNodes(volume, first, path, depth + 1)));
  }
  return nodes;
}

async function chainBytes(volume: Volume, first: number): Promise<Buffer> {
  const { table, clusterSize, data } = volume;
  const pieces: Buffer[] = [];
  for (let cluster = first; cluster < END; cluster = table.readUInt32LE(cluster * 4) & NUMBER) {
    if (cluster < 2 || pieces.length * 4 > table.length)
      throw new RangeError("a chain of clusters is broken");
    pieces.push(await volume.source.read(data + (cluster - 2) * clusterSize, clusterSize));
  }
  return Buffer.concat(pieces);
}

function longPart(entry: Buffer): string {
  const units = LONG_PLACES.map((at) => entry.readUInt16LE(at));
  const end = units.indexOf(0);
  return String.fromCharCode(...units.slice(0, end < 0 ? undefined : end));
}

function shortName(entry: Buffer): string {
  const stem = entry.toString("latin1", 0, 8).trimEnd();
  const extension = entry.toString("latin1", 8, 11).trimEnd();
  return extension === "" ? stem : `${stem}.${extension}`;
}
