/** Milliseconds within which a second digit belongs to the first. */
const TOGETHER = 1500;

/** Reads the number of a line, one key after the other: in a long list `1` and `2` are line 12. */
export class NumberKeys {
  readonly #count: number;
  #digits = "";
  #last = 0;

  constructor(count: number) {
    this.#count = count;
  }

  /** Takes a key. @returns the index of the line it leads to, or undefined where it leads to none. */
  press(key: string | undefined): number | undefined {
    const now = performance.now();
    const before = now - this.#last < TOGETHER ? this.#digits : "";
    this.#digits = "";
    if (key === undefined || !/^\d$/.test(key)) return undefined;
    for (const digits of [before + key, key]) {
      const line = Number(digits);
      if (line < 1 || line > this.#count) continue;
      this.#digits = digits;
      this.#last = now;
      return line - 1;
    }
    return undefined;
  }
}
