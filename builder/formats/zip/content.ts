import { Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import type { ZipEntry } from "./directory.ts";

const PIECE = 1024 * 1024;

/** The content of an entry, piece by piece. @throws what zlib says of bytes that are no deflate */
export async function* contentOf({ packed, method, size }: ZipEntry): AsyncGenerator<Buffer> {
  let done = 0;
  for await (const piece of method === "stored" ? pieces(packed) : inflated(packed)) {
    done += piece.length;
    // A small zip must not become a file without an end.
    if (done > size) throw new RangeError("more content than its size says");
    yield piece;
  }
  if (done < size) throw new RangeError("less content than its size says");
}

/**
 * The content of an entry as something to read in any place. It is inflated anew for every step back, so reading on
 * is cheap and jumping about is not; nothing is kept but one piece.
 */
export function contentSource(entry: ZipEntry): ByteSource {
  let content = contentOf(entry);
  let piece: Buffer = Buffer.alloc(0);
  /** Where the piece begins. */
  let start = 0;
  async function read(offset: number, length: number): Promise<Buffer> {
    if (offset < 0 || offset + length > entry.size) throw new RangeError("read past the end of the entry");
    if (offset < start) {
      await content.return(undefined);
      [content, piece, start] = [contentOf(entry), Buffer.alloc(0), 0];
    }
    const parts: Buffer[] = [];
    for (let at = offset; at < offset + length; ) {
      if (at >= start + piece.length) {
        start += piece.length;
        const next = await content.next();
        if (next.done === true) throw new RangeError("the content ends early");
        piece = next.value;
        continue;
      }
      const part = piece.subarray(at - start, at - start + offset + length - at);
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  }
  return { size: entry.size, read };
}

async function* pieces(source: ByteSource): AsyncGenerator<Buffer> {
  for (let at = 0; at < source.size; at += PIECE) yield source.read(at, Math.min(PIECE, source.size - at));
}

async function* inflated(source: ByteSource): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: PIECE });
  const reading = Readable.from(pieces(source));
  // A fault in the file must end the inflating, too.
  reading.on("error", (error) => inflate.destroy(error));
  try {
    for await (const piece of reading.pipe(inflate)) yield piece;
  } finally {
    reading.destroy();
  }
}
