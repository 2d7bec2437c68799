import { LONGEST, WINDOW } from "./symbols.ts";

/** Bytes that are packed at a time: positions fit into 16 bits, and the window never has to slide. */
export const MOST_BYTES = 65536;

/** Behind the bytes, so that four can be read at the last of them. */
const PADDING = 8;
const HASH_BITS = 15;
const SHORT_HASH_BITS = 13;
const MULTIPLIER = 0x9e3779b1;
/**
 * Earlier places that are tried, and the length that is good enough to stop at. With 32 and 64 a Debian disk packs
 * half a percent better and takes a third longer (measured).
 */
const DEPTH = 12;
export const GOOD_ENOUGH = 32;
/** Three bytes from farther away cost more than themselves. */
const FAR_FOR_THREE = 8192;

// Scratch memory: one deflate runs at a time in a thread. As constants of the module these are addresses in the
// machine code; as fields of an object they took half as long again (measured).
const bytes = new Uint8Array(MOST_BYTES + PADDING);
const view = new DataView(bytes.buffer);
/** The last place with a hash of four bytes, with one of three, and before each place the one like it. */
const heads = new Uint16Array(1 << HASH_BITS);
const shortHeads = new Uint16Array(1 << SHORT_HASH_BITS);
const earlier = new Uint16Array(MOST_BYTES);
let end = 0;

/** What `find` found. A length below 3 is nothing. */
export const found = { length: 0, distance: 0 };

/** Forgets all places, and takes other bytes. @returns them, for as long as no others are taken */
export function load(source: Uint8Array): Uint8Array {
  bytes.set(source);
  end = source.length;
  bytes.fill(0, end, end + PADDING);
  heads.fill(0);
  shortHeads.fill(0);
  return bytes;
}

/**
 * Looks for a match at a place that is longer than `least`, among `DEPTH >> haste` earlier places, and makes the
 * place known to later ones. Position 0 is never found, because 0 ends a chain.
 */
export function find(place: number, least: number, haste: 0 | 1): void {
  const four = view.getInt32(place, true);
  const hash = Math.imul(four, MULTIPLIER) >>> (32 - HASH_BITS);
  const shortHash = Math.imul(four << 8, MULTIPLIER) >>> (32 - SHORT_HASH_BITS);
  const most = Math.min(end - place, LONGEST);
  const limit = place > WINDOW ? place - WINDOW - 1 : 0;
  let best = least;
  let distance = 0;
  if (best < 3 && most >= 3) {
    const near = shortHeads[shortHash] ?? 0;
    const isNear = near > limit && place - near <= FAR_FOR_THREE;
    if (isNear && (view.getInt32(near, true) ^ four) << 8 === 0) {
      best = 3;
      distance = place - near;
    }
  }
  let at = heads[hash] ?? 0;
  for (let tries = best < most ? DEPTH >> haste : 0; at > limit && tries > 0; tries--) {
    // The bytes that would make it longer than the best are looked at first.
    if (view.getInt32(at, true) === four && (best < 4 || isAlike(at + best - 3, place + best - 3))) {
      const length = lengthOf(at, place, most);
      if (length > best) {
        best = length;
        distance = place - at;
        if (length >= GOOD_ENOUGH || length === most) break;
      }
    }
    at = earlier[at] ?? 0;
  }
  found.length = distance === 0 ? 0 : best;
  found.distance = distance;
  earlier[place] = heads[hash] ?? 0;
  heads[hash] = place;
  shortHeads[shortHash] = place;
}

/** Says that nothing was found, without looking. */
export function findNothing(): void {
  found.length = 0;
  found.distance = 0;
}

/** Makes places known that are inside a match, without looking there. */
export function skip(from: number, behind: number): void {
  for (let place = from; place < behind; place++) {
    const four = view.getInt32(place, true);
    const hash = Math.imul(four, MULTIPLIER) >>> (32 - HASH_BITS);
    earlier[place] = heads[hash] ?? 0;
    heads[hash] = place;
    shortHeads[Math.imul(four << 8, MULTIPLIER) >>> (32 - SHORT_HASH_BITS)] = place;
  }
}

function isAlike(a: number, b: number): boolean {
  return view.getInt32(a, true) === view.getInt32(b, true);
}

/** The first four bytes are known to be the same, unless the end comes before. */
function lengthOf(at: number, place: number, most: number): number {
  for (let length = 4; length < most; length += 4) {
    const differing = view.getInt32(at + length, true) ^ view.getInt32(place + length, true);
    if (differing === 0) continue;
    const same = length + ((31 - Math.clz32(differing & -differing)) >>> 3);
    return Math.min(same, most);
  }
  return most;
}
