/** Longest code of literals, lengths and distances; the code lengths' own codes have 7 bits (RFC 1951, 3.2.7). */
export const LONGEST_CODE = 15;

const MOST_SYMBOLS = 288;
/** A weight and its symbol in one number, so that they sort without a function that compares. */
const SYMBOL_ROOM = 512;

// Scratch memory: one deflate runs at a time in a thread.
const sorted = new Float64Array(MOST_SYMBOLS);
const weights = new Float64Array(2 * MOST_SYMBOLS);
const parents = new Uint16Array(2 * MOST_SYMBOLS);
const depths = new Uint8Array(2 * MOST_SYMBOLS);
const counts = new Uint16Array(LONGEST_CODE + 2);
const nextWord = new Uint16Array(LONGEST_CODE + 2);

/**
 * The lengths of a Huffman code for these weights, none longer than `limit`; 0 for a symbol that does not occur.
 * A single symbol gets one bit. Of equal weights the lower symbol gets the longer code: the same weights give the
 * same lengths, everywhere.
 */
export function codeLengths(frequencies: Int32Array, limit: number, lengths: Uint8Array): void {
  lengths.fill(0);
  let leaves = 0;
  for (let symbol = 0; symbol < frequencies.length; symbol++) {
    const frequency = frequencies[symbol] ?? 0;
    if (frequency > 0) sorted[leaves++] = frequency * SYMBOL_ROOM + symbol;
  }
  if (leaves === 0) return;
  if (leaves === 1) {
    lengths[(sorted[0] ?? 0) % SYMBOL_ROOM] = 1;
    return;
  }
  sorted.subarray(0, leaves).sort();
  countDepths(leaves, limit);
  shorten(limit);
  let leaf = 0;
  for (let length = limit; length > 0; length--) {
    for (let count = counts[length] ?? 0; count > 0; count--) {
      lengths[(sorted[leaf++] ?? 0) % SYMBOL_ROOM] = length;
    }
  }
}

/** Builds the tree from two queues, leaves and inner nodes, both ascending; counts the leaves of each depth. */
function countDepths(leaves: number, limit: number): void {
  for (let leaf = 0; leaf < leaves; leaf++) weights[leaf] = Math.floor((sorted[leaf] ?? 0) / SYMBOL_ROOM);
  const nodes = 2 * leaves - 1;
  let leaf = 0;
  let inner = leaves;
  for (let node = leaves; node < nodes; node++) {
    let sum = 0;
    for (let child = 0; child < 2; child++) {
      const isLeaf = leaf < leaves && (inner >= node || (weights[leaf] ?? 0) <= (weights[inner] ?? 0));
      const picked = isLeaf ? leaf++ : inner++;
      sum += weights[picked] ?? 0;
      parents[picked] = node;
    }
    weights[node] = sum;
  }
  counts.fill(0);
  depths[nodes - 1] = 0;
  for (let node = nodes - 2; node >= 0; node--) {
    const depth = (depths[parents[node] ?? 0] ?? 0) + 1;
    depths[node] = depth;
    const length = Math.min(depth, limit);
    if (node < leaves) counts[length] = (counts[length] ?? 0) + 1;
  }
}

/** Where leaves were cut to `limit`, moves others down until the code fits again (Kraft's inequality). */
function shorten(limit: number): void {
  let taken = 0;
  for (let length = 1; length <= limit; length++) taken += (counts[length] ?? 0) << (limit - length);
  while (taken > 1 << limit) {
    let length = limit - 1;
    while (counts[length] === 0) length--;
    counts[length] = (counts[length] ?? 0) - 1;
    counts[length + 1] = (counts[length + 1] ?? 0) + 2;
    counts[limit] = (counts[limit] ?? 0) - 1;
    taken--;
  }
}

/** The code words for lengths (RFC 1951, 3.2.2), turned round: DEFLATE writes them from their highest bit. */
export function codeWords(lengths: Uint8Array, words: Uint16Array): void {
  counts.fill(0);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  }
  let word = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    word = (word + (counts[length - 1] ?? 0)) << 1;
    nextWord[length] = word;
  }
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    const next = nextWord[length] ?? 0;
    nextWord[length] = next + 1;
    words[symbol] = reversed(next, length);
  }
}

function reversed(word: number, length: number): number {
  let result = 0;
  for (let bit = 0, rest = word; bit < length; bit++, rest >>= 1) result = (result << 1) | (rest & 1);
  return result;
}
