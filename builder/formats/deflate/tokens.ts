import { find, findNothing, found, GOOD_ENOUGH, load, MOST_BYTES, skip } from "./matches.ts";
import { beginBlock, isBlockEnd, noteLiteral, noteMatch } from "./split.ts";
import { SHORTEST } from "./symbols.ts";

/** A literal is its byte; a match is negative: this bit, its length from bit 16 on, its distance less 1 below. */
export const MATCH = -0x8000_0000;

/** What the bytes were taken apart into. Overwritten by the next call. */
export interface Parsed {
  /** The bytes themselves. */
  bytes: Uint8Array;
  tokens: Int32Array;
  /** Of each block: the token and the byte behind its last one. */
  blocks: readonly { tokens: number; bytes: number }[];
}

/** After so many bytes without a match, only each fourth or 16th place is looked at: they are most likely packed. */
const DOUBT = { after: 256, mask: 3 } as const;
const NO_HOPE = { after: 1024, mask: 15 } as const;
/** Bytes without a match that one byte of a match outweighs. */
const HOPE = 256;

// Scratch memory: one deflate runs at a time in a thread.
const tokens = new Int32Array(MOST_BYTES);

/**
 * Takes bytes (1 to 65536) apart into literals and matches. A match waits until the place behind it was looked at: a
 * better one there turns it into a literal ("lazy matching", RFC 1951, section 4).
 */
export function parse(bytes: Uint8Array): Parsed {
  const loaded = load(bytes);
  beginBlock();
  const end = bytes.length;
  const blocks: { tokens: number; bytes: number }[] = [];
  let count = 0;
  let start = 0;
  let place = 0;
  let misses = 0;
  find(place, SHORTEST - 1, 0);
  while (place < end) {
    const { length, distance } = found;
    let isLiteral = length < SHORTEST;
    let known = place + 1;
    if (!isLiteral && length < GOOD_ENOUGH && known < end) {
      find(known, length - 1, 1);
      isLiteral = isBetter(found.length, found.distance, length, distance);
      known++;
      // What was found there is the next turn's match.
    } else if (isLiteral && known < end) {
      misses++;
      if (isWorthALook(misses)) find(known, SHORTEST - 1, 0);
      else findNothing();
      known++;
    }
    if (isLiteral) {
      const byte = loaded[place] ?? 0;
      tokens[count++] = byte;
      noteLiteral(byte);
      place++;
    } else {
      tokens[count++] = MATCH | (length << 16) | (distance - 1);
      noteMatch(length);
      // Three bytes are alike by chance every 2000 or so; that is no reason to hope again.
      misses = Math.max(0, misses - HOPE * length);
      skip(known, Math.min(place + length, end));
      place += length;
      if (place < end) find(place, SHORTEST - 1, 0);
    }
    if (!isLiteral && isBlockEnd(place - start, end - place)) {
      blocks.push({ tokens: count, bytes: place });
      start = place;
    }
  }
  blocks.push({ tokens: count, bytes: end });
  return { bytes: loaded, tokens, blocks };
}

function isWorthALook(misses: number): boolean {
  if (misses <= DOUBT.after) return true;
  return (misses & (misses > NO_HOPE.after ? NO_HOPE.mask : DOUBT.mask)) === 0;
}

/** Whether a match one byte later is worth a literal: four times its length counts against the distance's bits. */
function isBetter(length: number, distance: number, before: number, distanceBefore: number): boolean {
  if (length < before) return false;
  return 4 * (length - before) + (Math.clz32(distance) - Math.clz32(distanceBefore)) > 2;
}
