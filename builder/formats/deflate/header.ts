import type { BitWriter } from "./bits.ts";
import { codeLengths, codeWords } from "./huffman.ts";
import { DISTANCES, LITERALS } from "./symbols.ts";

/** The order in which the code lengths' own code lengths stand (RFC 1951, 3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;
const SYMBOLS = 19;
const LONGEST_CODE = 7;
/** Symbols that repeat: the last length, a few zeros, many zeros. Behind each stand bits that say how often. */
const REPEAT = { symbol: 16, least: 3, most: 6 } as const;
const ZEROS = { symbol: 17, least: 3, most: 10 } as const;
const MANY_ZEROS = { symbol: 18, least: 11, most: 138 } as const;
const EXTRA_BITS = new Uint8Array(SYMBOLS);
EXTRA_BITS.set([2, 3, 7], REPEAT.symbol);

// Scratch memory: one deflate runs at a time in a thread.
const all = new Uint8Array(LITERALS + DISTANCES);
const runs = new Uint16Array(LITERALS + DISTANCES);
const frequencies = new Int32Array(SYMBOLS);
const lengths = new Uint8Array(SYMBOLS);
const words = new Uint16Array(SYMBOLS);

/** How the code lengths of a block are said. Overwritten by the next call. */
export interface DynamicHeader {
  literals: number;
  distances: number;
  own: number;
  runs: number;
  /** What it takes, with the counts at its start. */
  bits: number;
}

/** Packs the code lengths of a block into runs, and counts the bits. */
export function dynamicHeader(literalLengths: Uint8Array, distanceLengths: Uint8Array): DynamicHeader {
  const literals = usedOf(literalLengths, LITERALS, 257);
  const distances = usedOf(distanceLengths, DISTANCES, 1);
  all.set(literalLengths.subarray(0, literals));
  all.set(distanceLengths.subarray(0, distances), literals);
  const count = packRuns(literals + distances);
  codeLengths(frequencies, LONGEST_CODE, lengths);
  let own = SYMBOLS;
  while (own > 4 && lengths[ORDER[own - 1] ?? 0] === 0) own--;
  let bits = 5 + 5 + 4 + own * 3;
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    bits += (frequencies[symbol] ?? 0) * ((lengths[symbol] ?? 0) + (EXTRA_BITS[symbol] ?? 0));
  }
  return { literals, distances, own, runs: count, bits };
}

export function writeDynamicHeader(writer: BitWriter, header: DynamicHeader): void {
  writer.put(header.literals - 257, 5);
  writer.put(header.distances - 1, 5);
  writer.put(header.own - 4, 4);
  for (let index = 0; index < header.own; index++) writer.put(lengths[ORDER[index] ?? 0] ?? 0, 3);
  codeWords(lengths, words);
  for (let index = 0; index < header.runs; index++) {
    const run = runs[index] ?? 0;
    const symbol = run & 31;
    writer.put(words[symbol] ?? 0, lengths[symbol] ?? 0);
    writer.put(run >> 5, EXTRA_BITS[symbol] ?? 0);
  }
}

function usedOf(codes: Uint8Array, most: number, least: number): number {
  let used = most;
  while (used > least && codes[used - 1] === 0) used--;
  return used;
}

/** A run: its symbol in five bits, above them how often beyond the least. */
function packRuns(total: number): number {
  frequencies.fill(0);
  let count = 0;
  const push = (symbol: number, extra: number): void => {
    runs[count++] = symbol | (extra << 5);
    frequencies[symbol] = (frequencies[symbol] ?? 0) + 1;
  };
  for (let at = 0; at < total; ) {
    const length = all[at] ?? 0;
    let behind = at + 1;
    while (behind < total && all[behind] === length) behind++;
    let left = behind - at;
    at = behind;
    if (length > 0) {
      push(length, 0);
      left--;
    }
    const kinds = length === 0 ? [MANY_ZEROS, ZEROS] : [REPEAT];
    for (const { symbol, least, most } of kinds) {
      while (left >= least) {
        const taken = Math.min(left, most);
        push(symbol, taken - least);
        left -= taken;
      }
    }
    for (; left > 0; left--) push(length, 0);
  }
  return count;
}
