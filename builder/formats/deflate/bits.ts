/** Writes bits into a buffer from the lowest up, as DEFLATE packs them (RFC 1951, section 3.1.1). */
export class BitWriter {
  readonly #bytes: Uint8Array;
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whole bytes so far. */
  get length(): number {
    return this.#at;
  }

  /** The lowest `count` bits of a value that has no others; at most 16. */
  put(value: number, count: number): void {
    this.#bits |= value << this.#count;
    this.#count += count;
    if (this.#count < 16) return;
    this.#bytes[this.#at] = this.#bits;
    this.#bytes[this.#at + 1] = this.#bits >>> 8;
    this.#at += 2;
    this.#bits >>>= 16;
    this.#count -= 16;
  }

  /** Fills up to a whole byte with zeros. */
  align(): void {
    for (; this.#count > 0; this.#count -= 8) {
      this.#bytes[this.#at++] = this.#bits;
      this.#bits >>>= 8;
    }
    this.#bits = 0;
    this.#count = 0;
  }

  /** Whole bytes; only after `align`. */
  copy(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Back to the start of the buffer. */
  reset(): void {
    this.#at = 0;
    this.#bits = 0;
    this.#count = 0;
  }
}
