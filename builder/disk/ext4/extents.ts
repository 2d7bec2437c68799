import type { ByteSource } from "../../../appliance/disk/bytes.ts";

/** Of the kernel's Documentation/filesystems/ext4/ifork.rst. */
const MAGIC = 0xf30a;
const HEADER = { size: 12, entries: 2, depth: 6 } as const;
const ITEM = 12;
/** Lengths above it belong to extents that are kept and read as zeros. */
const LONGEST = 32768;
const DEEPEST = 5;

/** Where a file's bytes lie in the file system: ascending, without the holes. */
export interface FileExtent {
  /** Within the file, in bytes. */
  at: number;
  /** Within the file system, in bytes. */
  offset: number;
  length: number;
}

/** Follows an extent tree. @param root the 60 bytes in the inode. @throws RangeError when it is broken. */
export async function fileExtents(
  system: ByteSource,
  root: Buffer,
  blockSize: number,
): Promise<FileExtent[]> {
  const walk = async (node: Buffer, deepest: number): Promise<FileExtent[]> => {
    const depth = node.readUInt16LE(HEADER.depth);
    if (node.readUInt16LE(0) !== MAGIC || depth > deepest) throw new RangeError("an extent tree is broken");
    const found: FileExtent[] = [];
    for (let index = 0; index < node.readUInt16LE(HEADER.entries); index++) {
      const item = node.subarray(HEADER.size + index * ITEM, HEADER.size + (index + 1) * ITEM);
      if (depth > 0) {
        const block = item.readUInt32LE(4) + item.readUInt16LE(8) * 2 ** 32;
        found.push(...(await walk(await system.read(block * blockSize, blockSize), depth - 1)));
        continue;
      }
      const length = item.readUInt16LE(4);
      if (length > LONGEST) continue;
      const block = item.readUInt16LE(6) * 2 ** 32 + item.readUInt32LE(8);
      found.push({
        at: item.readUInt32LE(0) * blockSize,
        offset: block * blockSize,
        length: length * blockSize,
      });
    }
    return found;
  };
  return walk(root, DEEPEST);
}

const PIECE = 1024 * 1024;
const ZEROS = Buffer.alloc(PIECE);

/** The bytes of a file, holes as zeros. */
export async function* fileBytes(
  system: ByteSource,
  extents: readonly FileExtent[],
  size: number,
): AsyncGenerator<Buffer> {
  let done = 0;
  for (const { at, offset, length } of extents) {
    yield* zeros(Math.min(at, size) - done);
    done = Math.min(at, size);
    const end = Math.min(length, size - done);
    for (let piece = 0; piece < end; piece += PIECE) {
      yield await system.read(offset + piece, Math.min(PIECE, end - piece));
    }
    done += Math.max(0, end);
  }
  yield* zeros(size - done);
}

function* zeros(count: number): Generator<Buffer> {
  for (let left = count; left > 0; left -= PIECE) yield ZEROS.subarray(0, Math.min(PIECE, left));
}
