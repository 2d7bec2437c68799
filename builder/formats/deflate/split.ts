/**
 * Decides where a block ends: where the mix of its symbols has changed enough that a new Huffman code pays for its
 * header. The mix is seen coarsely, as eight kinds of literals and two of matches, as libdeflate does it
 * (https://github.com/ebiggers/libdeflate, lib/deflate_compress.c, "block splitting").
 */

const LITERAL_KINDS = 8;
const KINDS = LITERAL_KINDS + 2;
/** Matches from this length on are another kind. */
const LONG = 9;
/** Symbols between two looks. */
const CHECK = 512;
// Bytes and symbols; found by trying on a Debian disk.
const SHORTEST_BLOCK = 3000;
const SHORT_BLOCK = 10_000;
const LONG_BLOCK_STEP = 4096;
const MANY = 8192;
/** How much of the mix has to differ. */
const SHARE = 150 / 512;

// Scratch memory: one deflate runs at a time in a thread.
const seen = new Int32Array(KINDS);
const fresh = new Int32Array(KINDS);
let seenCount = 0;
let freshCount = 0;

/** Begins a block. */
export function beginBlock(): void {
  seen.fill(0);
  fresh.fill(0);
  seenCount = 0;
  freshCount = 0;
}

export function noteLiteral(byte: number): void {
  const kind = ((byte >> 5) & 0b110) | (byte & 1);
  fresh[kind] = (fresh[kind] ?? 0) + 1;
  freshCount++;
}

export function noteMatch(length: number): void {
  const kind = length < LONG ? LITERAL_KINDS : LITERAL_KINDS + 1;
  fresh[kind] = (fresh[kind] ?? 0) + 1;
  freshCount++;
}

/** Whether to end a block of that many bytes here, with that many still to come. Then the next one has begun. */
export function isBlockEnd(length: number, rest: number): boolean {
  if (freshCount < CHECK || length < SHORTEST_BLOCK || rest < SHORTEST_BLOCK) return false;
  if (seenCount > 0 && hasChanged(length)) {
    beginBlock();
    return true;
  }
  for (let kind = 0; kind < KINDS; kind++) seen[kind] = (seen[kind] ?? 0) + (fresh[kind] ?? 0);
  seenCount += freshCount;
  fresh.fill(0);
  freshCount = 0;
  return false;
}

function hasChanged(length: number): boolean {
  let difference = 0;
  for (let kind = 0; kind < KINDS; kind++) {
    const expected = (seen[kind] ?? 0) * freshCount;
    difference += Math.abs((fresh[kind] ?? 0) * seenCount - expected);
  }
  const symbols = seenCount + freshCount;
  let bar = freshCount * SHARE * seenCount;
  // A short block has little to win.
  if (length < SHORT_BLOCK && symbols < MANY) bar += (bar * (MANY - symbols)) / MANY;
  return difference + Math.floor(length / LONG_BLOCK_STEP) * seenCount >= bar;
}
