/**
 * Decides where a block ends: where the mix of its symbols has changed enough that a new Huffman code pays for its
 * header. The mix is seen coarsely, as eight kinds of literals and two of matches, as libdeflate does it
 * (https://github.com/ebiggers/libdeflate, lib/deflate_compress.c, "block splitting").
 */
export class BlockSplitter {
  readonly #seen = new Uint32Array(KINDS);
  readonly #fresh = new Uint32Array(KINDS);
  #seenCount = 0;
  #freshCount = 0;

  reset(): void {
    this.#seen.fill(0);
    this.#fresh.fill(0);
    this.#seenCount = 0;
    this.#freshCount = 0;
  }

  literal(byte: number): void {
    this.#note(((byte >> 5) & 0b110) | (byte & 1));
  }

  match(length: number): void {
    this.#note(length < LONG ? LITERAL_KINDS : LITERAL_KINDS + 1);
  }

  #note(kind: number): void {
    this.#fresh[kind] = (this.#fresh[kind] ?? 0) + 1;
    this.#freshCount++;
  }

  /** Whether to end a block of that many bytes here, with that many still to come. Asked after each symbol. */
  isEnd(length: number, rest: number): boolean {
    if (this.#freshCount < CHECK || length < SHORTEST_BLOCK || rest < SHORTEST_BLOCK) return false;
    if (this.#seenCount > 0 && this.#hasChanged(length)) {
      this.reset();
      return true;
    }
    for (let kind = 0; kind < KINDS; kind++) {
      this.#seen[kind] = (this.#seen[kind] ?? 0) + (this.#fresh[kind] ?? 0);
    }
    this.#seenCount += this.#freshCount;
    this.#fresh.fill(0);
    this.#freshCount = 0;
    return false;
  }

  #hasChanged(length: number): boolean {
    let difference = 0;
    for (let kind = 0; kind < KINDS; kind++) {
      const expected = (this.#seen[kind] ?? 0) * this.#freshCount;
      difference += Math.abs((this.#fresh[kind] ?? 0) * this.#seenCount - expected);
    }
    const symbols = this.#seenCount + this.#freshCount;
    let bar = this.#freshCount * SHARE * this.#seenCount;
    // A short block has little to win.
    if (length < SHORT_BLOCK && symbols < MANY) bar += (bar * (MANY - symbols)) / MANY;
    return difference + Math.floor(length / LONG_BLOCK_STEP) * this.#seenCount >= bar;
  }
}

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
