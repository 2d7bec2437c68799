import { find, findNothing, found, GOOD_ENOUGH, load, MOST_BYTES, skip } from "./matches.ts";
import { BlockSplitter } from "./split.ts";
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

/** After so many bytes without a match, only each so many-th place is looked at: they are most likely packed already. */
const DOUBT = { after: 256, step: 4 } as const;
const NO_HOPE = { after: 1024, step: 16 } as const;

// Scratch memory: one deflate runs at a time in a thread.
const splitter = new BlockSplitter();
const tokens = new Int32Array(MOST_BYTES);

/**
 * Takes bytes (1 to 65536) apart into literals and matches. A match waits until the place behind it was looked at: a
 * better one there turns it into a literal ("lazy matching", RFC 1951, section 4).
 */
export function parse(bytes: Uint8Array): Parsed {
  const loaded = load(bytes);
  splitter.reset();
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
      splitter.literal(byte);
      place++;
    } else {
      tokens[count++] = MATCH | (length << 16) | (distance - 1);
      splitter.match(length);
      misses = 0;
      skip(known, Math.min(place + length, end));
      place += length;
      if (place < end) find(place, SHORTEST - 1, 0);
    }
    if (!isLiteral && splitter.isEnd(place - start, end - place)) {
      blocks.push({ tokens: count, bytes: place });
      start = place;
    }
  }
  blocks.push({ tokens: count, bytes: end });
  return { bytes: loaded, tokens, blocks };
}

function isWorthALook(misses: number): boolean {
  if (misses <= DOUBT.after) return true;
  return misses % (misses > NO_HOPE.after ? NO_HOPE.step : DOUBT.step) === 0;
}

/** Whether a match one byte later is worth a literal: four times its length counts against the distance's bits. */
function isBetter(length: number, distance: number, before: number, distanceBefore: number): boolean {
  if (length < before) return false;
  return 4 * (length - before) + (Math.clz32(distance) - Math.clz32(distanceBefore)) > 2;
}
