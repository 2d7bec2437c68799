import { type ByteSource, partOf } from "../../../../appliance/disk/bytes.ts";
import { decodeJoliet, rockRidgeName } from "./names.ts";

/** Where a file's bytes lie. */
export interface VolumeFile {
  /** In bytes from the start of the medium. */
  offset: number;
  size: number;
}

export type NameKind = "rockridge" | "joliet";

export const BLOCK = 2048;
/** More than any medium of ours has; a broken one must not keep us busy. */
const MOST_ENTRIES = 4096;
const DEEPEST = 8;
const LARGEST_FOLDER = 1024 * 1024;
const FOLDER_FLAG = 0x02;
const MULTI_EXTENT_FLAG = 0x80;

/** ECMA-119, 9.1: a directory record. Every number stands there in both byte orders. */
interface DirectoryRecord {
  offset: number;
  size: number;
  flags: number;
  name: Buffer;
  /** What Rock Ridge adds. */
  systemUse: Buffer;
}

/** @throws RangeError for a record that cannot be. */
export function parseRecord(bytes: Buffer): DirectoryRecord {
  const nameLength = bytes.readUInt8(32);
  const nameEnd = 33 + nameLength;
  if (nameEnd > bytes.length) throw new RangeError("a directory record is shorter than its name");
  return {
    offset: both32(bytes, 2) * BLOCK,
    size: both32(bytes, 10),
    flags: bytes.readUInt8(25),
    name: bytes.subarray(33, nameEnd),
    systemUse: bytes.subarray(nameEnd + (1 - (nameLength % 2))),
  };
}

/** A 32-bit number in both byte orders. @throws RangeError when they are not the same. */
export function both32(bytes: Buffer, at: number): number {
  const little = bytes.readUInt32LE(at);
  if (little !== bytes.readUInt32BE(at + 4)) throw new RangeError("a number differs in its two byte orders");
  return little;
}

/** The content of a file. An empty one may be said to lie anywhere. */
export function fileOf(medium: ByteSource, { offset, size }: VolumeFile): ByteSource {
  return size === 0 ? { size: 0, read: async () => Buffer.alloc(0) } : partOf(medium, offset, size);
}

/**
 * Every file below a directory, by its path.
 *
 * @throws RangeError for a directory that cannot be read.
 */
export async function readTree(
  medium: ByteSource,
  root: VolumeFile,
  kind: NameKind,
): Promise<Map<string, VolumeFile>> {
  const files = new Map<string, VolumeFile>();
  let entries = 0;
  const walk = async (folder: VolumeFile, prefix: string, depth: number): Promise<void> => {
    if (depth > DEEPEST) throw new RangeError("its folders lie too deep");
    for (const record of await readFolder(medium, folder)) {
      if (++entries > MOST_ENTRIES) throw new RangeError("it has too many files");
      const name =
        kind === "joliet" ? decodeJoliet(record.name) : await rockRidgeName(medium, record.systemUse);
      if (name === "" || name.includes("/")) throw new RangeError("it has a file without a name");
      const path = prefix + name;
      if ((record.flags & MULTI_EXTENT_FLAG) !== 0) throw new RangeError(`${path} lies in several pieces`);
      if ((record.flags & FOLDER_FLAG) !== 0) await walk(record, `${path}/`, depth + 1);
      else if (files.has(path)) throw new RangeError(`${path} is there twice`);
      else files.set(path, { offset: record.offset, size: record.size });
    }
  };
  await walk(root, "", 0);
  return files;
}

/** The records of one folder, without itself and its parent. */
async function readFolder(medium: ByteSource, { offset, size }: VolumeFile): Promise<DirectoryRecord[]> {
  if (size > LARGEST_FOLDER) throw new RangeError("a folder is too large");
  const bytes = await medium.read(offset, size);
  const records: DirectoryRecord[] = [];
  for (let block = 0; block < size; block += BLOCK) {
    // A record never crosses the end of a block; a length of 0 ends the block.
    for (let at = block; at < Math.min(block + BLOCK, size); ) {
      const length = bytes.readUInt8(at);
      if (length === 0) break;
      if (length < 34 || at + length > Math.min(block + BLOCK, size)) {
        throw new RangeError("a directory record is cut");
      }
      records.push(parseRecord(bytes.subarray(at, at + length)));
      at += length;
    }
  }
  // The names of the folder itself and of its parent are the bytes 0 and 1.
  return records.filter(({ name }) => name.length !== 1 || name.readUInt8(0) > 1);
}
