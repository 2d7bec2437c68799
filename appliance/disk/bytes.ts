import type { FileHandle } from "node:fs/promises";

/** Bytes and where on the disk they go. What no extent covers is zero. */
export interface Extent {
  /** From the start of the disk or partition, in bytes. */
  offset: number;
  bytes: Uint8Array;
}

/** Anything that can be read like a disk: a raw file, or the disk inside a container. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`. @throws when that is past the end. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Whether these bytes are known to be zero without a look at them. Where this is absent, nothing is known. */
  isHole?(offset: number, length: number): boolean;
}

/** An open file as a source; the caller closes it. */
export async function fileSource(file: FileHandle): Promise<ByteSource> {
  const { size } = await file.stat();
  return { size, read: (offset, length) => readExactly(file, offset, length) };
}

/** A part of a source as a source of its own. @throws RangeError when it is not within. */
export function partOf(source: ByteSource, start: number, size: number): ByteSource {
  if (start < 0 || size < 0 || start + size > source.size) throw new RangeError("a part that is not within");
  return {
    size,
    async read(offset, length) {
      if (offset < 0 || offset + length > size)
        throw new RangeError(`read past the end: ${offset} + ${length}`);
      return source.read(start + offset, length);
    },
  };
}

/**
 * A source that remembers what it read last, in pieces: a container unpacks the same block once, not for each
 * small file in it.
 */
export function remembering(source: ByteSource, piece = 1024 * 1024, most = 32): ByteSource {
  const known = new Map<number, Promise<Buffer>>();
  const pieceAt = (at: number): Promise<Buffer> => {
    const bytes = known.get(at) ?? source.read(at, Math.min(piece, source.size - at));
    known.delete(at);
    known.set(at, bytes);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return bytes;
  };
  return {
    size: source.size,
    async read(offset, length) {
      const pieces: Buffer[] = [];
      for (let at = offset; at < offset + length; ) {
        const within = at % piece;
        const part = (await pieceAt(at - within)).subarray(within, within + offset + length - at);
        if (part.length === 0) throw new RangeError(`read past the end: ${offset} + ${length}`);
        pieces.push(part);
        at += part.length;
      }
      return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    },
  };
}

/** Exactly `length` bytes of a file. @throws RangeError when the file ends before. */
export async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) throw new RangeError(`the file ends at ${offset + done}, not at ${offset + length}`);
    done += bytesRead;
  }
  return buffer;
}

/** Writes all bytes: one write call may take fewer. */
export async function writeExactly(file: FileHandle, offset: number, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}

/** Writes extents of a partition that starts at `base`. */
export async function writeExtents(file: FileHandle, extents: readonly Extent[], base = 0): Promise<void> {
  for (const { offset, bytes } of extents) await writeExactly(file, base + offset, bytes);
}

const ZEROS = Buffer.alloc(1024 * 1024);

/** Whether all bytes are zero. */
export function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const part = bytes.subarray(at, at + ZEROS.length);
    if (ZEROS.compare(part, 0, part.length, 0, part.length) !== 0) return false;
  }
  return true;
}

/** `value` rounded up to a multiple of `unit`. */
export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
