import { createHash } from "node:crypto";
import { type ByteSource, isZero } from "../../../appliance/disk/bytes.ts";

/** A part of a page blob, in bytes; both are multiples of 512. */
export interface PageRange {
  offset: number;
  length: number;
}

/** A part that holds data, and what is in it. */
export interface Page extends PageRange {
  /** MD5 of its bytes, hex: what Put Page takes to prove that they came over whole. */
  md5: string;
}

/** The most that one Put Page takes (https://learn.microsoft.com/rest/api/storageservices/put-page). */
export const LARGEST_PAGE = 4 * 1024 * 1024;
/** What is looked at as one piece, zero or not. */
const PIECE = 65536;
/** Zeros that are sent along: at 60 MiB/s they take no longer than another request would. */
const LARGEST_GAP = 4 * PIECE;

/** The parts of a window of the disk that hold something, ascending. */
export function dataParts(window: Uint8Array, offset: number): PageRange[] {
  const parts: PageRange[] = [];
  for (let at = 0; at < window.length; at += PIECE) {
    const piece = window.subarray(at, at + PIECE);
    if (isZero(piece)) continue;
    const last = parts.at(-1);
    const end = offset + at + piece.length;
    if (last !== undefined && offset + at - (last.offset + last.length) <= LARGEST_GAP)
      last.length = end - last.offset;
    else parts.push({ offset: offset + at, length: piece.length });
  }
  return parts;
}

/**
 * Reads a disk through and says what of it must be sent. The disk is read once more when it is sent: what is kept here
 * is a line a page, whatever the size of the disk.
 */
export async function scanPages(
  disk: ByteSource,
  signal: AbortSignal,
  onRead: (done: number) => void,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let at = 0; at < disk.size; at += LARGEST_PAGE) {
    signal.throwIfAborted();
    const size = Math.min(LARGEST_PAGE, disk.size - at);
    onRead(at);
    if (disk.isHole?.(at, size) === true) continue;
    const window = await disk.read(at, size);
    for (const { offset, length } of dataParts(window, at))
      pages.push({ offset, length, md5: md5Of(window.subarray(offset - at, offset - at + length)) });
  }
  onRead(disk.size);
  return pages;
}

export function md5Of(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

/** One text for all that is sent: two images with the same are the same. SHA-256, hex. */
export function contentOf(size: number, pages: readonly Page[], footer: Uint8Array): string {
  const hash = createHash("sha256").update(`${size}\n`);
  for (const { offset, length, md5 } of pages) hash.update(`${offset} ${length} ${md5}\n`);
  return hash.update(footer).digest("hex");
}
