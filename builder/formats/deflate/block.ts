import type { BitWriter } from "./bits.ts";
import { dynamicHeader, writeDynamicHeader } from "./header.ts";
import { codeLengths, codeWords, LONGEST_CODE } from "./huffman.ts";
import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  DISTANCES,
  distanceSymbol,
  END_OF_BLOCK,
  FIRST_LENGTH,
  LENGTH_BASE,
  LENGTH_EXTRA,
  LENGTH_SYMBOL,
  LITERALS,
} from "./symbols.ts";

/** A part of the parsed bytes. */
export interface Block {
  tokens: Int32Array;
  bytes: Uint8Array;
  isLast: boolean;
}

const TYPE = { stored: 0, fixed: 1, dynamic: 2 } as const;
/** The code that needs no header (RFC 1951, 3.2.6). */
const FIXED_LITERALS = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
const FIXED_DISTANCES = new Uint8Array(DISTANCES).fill(5);
/** Bytes of one stored block. */
const MOST_STORED = 65535;
const LENGTH_OF = 0x1ff;
const DISTANCE_OF = 0xffff;

// Scratch memory: one deflate runs at a time in a thread.
const literalCounts = new Int32Array(LITERALS);
const distanceCounts = new Int32Array(DISTANCES);
const literalLengths = new Uint8Array(LITERALS);
const distanceLengths = new Uint8Array(DISTANCES);
const literalWords = new Uint16Array(288);
const distanceWords = new Uint16Array(DISTANCES);

/** Writes a block in whichever of the three ways is the shortest. */
export function writeBlock(writer: BitWriter, block: Block): void {
  count(block.tokens);
  codeLengths(literalCounts, LONGEST_CODE, literalLengths);
  codeLengths(distanceCounts, LONGEST_CODE, distanceLengths);
  const header = dynamicHeader(literalLengths, distanceLengths);
  const dynamic = header.bits + bitsBy(literalLengths, distanceLengths);
  const fixed = bitsBy(FIXED_LITERALS, FIXED_DISTANCES);
  const stored = 8 * (block.bytes.length + 5 * Math.ceil(block.bytes.length / MOST_STORED));
  const last = block.isLast ? 1 : 0;
  if (stored < dynamic && stored < fixed) writeStored(writer, block);
  else if (fixed <= dynamic) {
    writer.put(last | (TYPE.fixed << 1), 3);
    writeTokens(writer, block.tokens, FIXED_LITERALS, FIXED_DISTANCES);
  } else {
    writer.put(last | (TYPE.dynamic << 1), 3);
    writeDynamicHeader(writer, header);
    writeTokens(writer, block.tokens, literalLengths, distanceLengths);
  }
}

function count(tokens: Int32Array): void {
  literalCounts.fill(0);
  distanceCounts.fill(0);
  literalCounts[END_OF_BLOCK] = 1;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? 0;
    let symbol = token;
    if (token < 0) {
      symbol = FIRST_LENGTH + (LENGTH_SYMBOL[(token >>> 16) & LENGTH_OF] ?? 0);
      const distance = distanceSymbol((token & DISTANCE_OF) + 1);
      distanceCounts[distance] = (distanceCounts[distance] ?? 0) + 1;
    }
    literalCounts[symbol] = (literalCounts[symbol] ?? 0) + 1;
  }
}

/** Bits of the counted tokens in a code. */
function bitsBy(literals: Uint8Array, distances: Uint8Array): number {
  let bits = 0;
  for (let symbol = 0; symbol < LITERALS; symbol++) {
    const extra = symbol < FIRST_LENGTH ? 0 : (LENGTH_EXTRA[symbol - FIRST_LENGTH] ?? 0);
    bits += (literalCounts[symbol] ?? 0) * ((literals[symbol] ?? 0) + extra);
  }
  for (let symbol = 0; symbol < DISTANCES; symbol++) {
    bits += (distanceCounts[symbol] ?? 0) * ((distances[symbol] ?? 0) + (DISTANCE_EXTRA[symbol] ?? 0));
  }
  return bits;
}

function writeTokens(
  writer: BitWriter,
  tokens: Int32Array,
  literals: Uint8Array,
  distances: Uint8Array,
): void {
  codeWords(literals, literalWords);
  codeWords(distances, distanceWords);
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? 0;
    if (token >= 0) {
      writer.put(literalWords[token] ?? 0, literals[token] ?? 0);
      continue;
    }
    const length = (token >>> 16) & LENGTH_OF;
    const symbol = LENGTH_SYMBOL[length] ?? 0;
    writer.put(literalWords[FIRST_LENGTH + symbol] ?? 0, literals[FIRST_LENGTH + symbol] ?? 0);
    writer.put(length - (LENGTH_BASE[symbol] ?? 0), LENGTH_EXTRA[symbol] ?? 0);
    const distance = (token & DISTANCE_OF) + 1;
    const place = distanceSymbol(distance);
    writer.put(distanceWords[place] ?? 0, distances[place] ?? 0);
    writer.put(distance - (DISTANCE_BASE[place] ?? 0), DISTANCE_EXTRA[place] ?? 0);
  }
  writer.put(literalWords[END_OF_BLOCK] ?? 0, literals[END_OF_BLOCK] ?? 0);
}

function writeStored(writer: BitWriter, { bytes, isLast }: Block): void {
  for (let at = 0; at < bytes.length; at += MOST_STORED) {
    const part = bytes.subarray(at, at + MOST_STORED);
    const last = isLast && at + part.length === bytes.length ? 1 : 0;
    writer.put(last | (TYPE.stored << 1), 3);
    writer.align();
    writer.copy(Uint8Array.of(part.length, part.length >> 8, ~part.length, ~part.length >> 8));
    writer.copy(part);
  }
}
