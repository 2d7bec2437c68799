/**
 * The symbols of DEFLATE (RFC 1951, section 3.2.5): a match is a length symbol with extra bits and a distance symbol
 * with extra bits.
 */

export const SHORTEST = 3;
export const LONGEST = 258;
/** How far back a match may lie. */
export const WINDOW = 32768;
export const END_OF_BLOCK = 256;
/** Literals, the end of a block, lengths. */
export const LITERALS = 286;
export const DISTANCES = 30;
/** Of the symbol that stands for the first length. */
export const FIRST_LENGTH = 257;

const LENGTH_SYMBOLS = 29;

/** By length symbol (counted from 0): the shortest length it stands for, and how many bits follow. */
export const LENGTH_BASE = new Uint16Array(LENGTH_SYMBOLS);
export const LENGTH_EXTRA = new Uint8Array(LENGTH_SYMBOLS);
/** By length: its symbol, counted from 0. */
export const LENGTH_SYMBOL = new Uint8Array(LONGEST + 1);
/** By distance symbol: the shortest distance it stands for, and how many bits follow. */
export const DISTANCE_BASE = new Uint16Array(DISTANCES);
export const DISTANCE_EXTRA = new Uint8Array(DISTANCES);

/** Distances up to 256 one by one; from there on 128 at a time, for no symbol's range is smaller there. */
const NEAR = 256;
const FAR_SHIFT = 7;
const DISTANCE_SYMBOL = new Uint8Array(NEAR + (WINDOW >> FAR_SHIFT));

/** The symbol of a distance from 1 to 32768. */
export function distanceSymbol(distance: number): number {
  const index = distance - 1;
  return DISTANCE_SYMBOL[index < NEAR ? index : NEAR + (index >> FAR_SHIFT)] ?? 0;
}

fillLengths();
fillDistances();

function fillLengths(): void {
  let base = SHORTEST;
  for (let symbol = 0; symbol < LENGTH_SYMBOLS - 1; symbol++) {
    const extra = symbol < 8 ? 0 : (symbol >> 2) - 1;
    LENGTH_BASE[symbol] = base;
    LENGTH_EXTRA[symbol] = extra;
    LENGTH_SYMBOL.fill(symbol, base, base + (1 << extra));
    base += 1 << extra;
  }
  // The longest has a symbol of its own, though the one before could say it.
  LENGTH_BASE[LENGTH_SYMBOLS - 1] = LONGEST;
  LENGTH_SYMBOL[LONGEST] = LENGTH_SYMBOLS - 1;
}

function fillDistances(): void {
  let base = 1;
  for (let symbol = 0; symbol < DISTANCES; symbol++) {
    const extra = symbol < 2 ? 0 : (symbol >> 1) - 1;
    DISTANCE_BASE[symbol] = base;
    DISTANCE_EXTRA[symbol] = extra;
    const first = base - 1;
    base += 1 << extra;
    if (first < NEAR) DISTANCE_SYMBOL.fill(symbol, first, base - 1);
    else DISTANCE_SYMBOL.fill(symbol, NEAR + (first >> FAR_SHIFT), NEAR + ((base - 1) >> FAR_SHIFT));
  }
}
