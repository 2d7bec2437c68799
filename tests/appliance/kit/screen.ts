/**
 * The picture that a terminal of so many characters would show: just the sequences that the console uses.
 * Anything else is a fault of the console and throws.
 */
export class Screen {
  readonly columns: number;
  readonly rows: number;
  #lines: string[][];
  #row = 0;
  #column = 0;
  /** Lines that left the picture at the top. */
  scrolled = 0;

  constructor(columns = 80, rows = 24) {
    this.columns = columns;
    this.rows = rows;
    this.#lines = this.#blank();
  }

  /** The picture, without blanks at the ends of lines. */
  get text(): string {
    return this.#lines
      .map((line) => line.join("").trimEnd())
      .join("\n")
      .trimEnd();
  }

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals speak in control characters.
    for (const part of text.match(/\u001b\[[?]?[\d;]*[A-Za-z]|[\s\S]/gu) ?? []) {
      if (part.length > 1 && part.startsWith("\u001b")) this.#control(part);
      else this.#put(part);
    }
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#newLine();
    else if (character === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (character < " " || character > "~")
      throw new Error(`not plain ASCII: ${JSON.stringify(character)}`);
    else {
      if (this.#column >= this.columns) this.#newLine();
      const line = this.#lines[this.#row];
      if (line !== undefined) line[this.#column++] = character;
    }
  }

  /** A terminal in cooked output mode: a line feed goes to the first column too. */
  #newLine(): void {
    this.#column = 0;
    this.#row++;
    if (this.#row < this.rows) return;
    this.#row = this.rows - 1;
    this.#lines.shift();
    this.#lines.push(new Array<string>(this.columns).fill(" "));
    this.scrolled++;
  }

  #control(sequence: string): void {
    const letter = sequence.at(-1) ?? "";
    const argument = sequence.slice(2, -1);
    const count = Math.max(1, Number(argument) || 1);
    if (letter === "m" || argument.startsWith("?25")) return;
    else if (letter === "H" && argument === "") this.#row = this.#column = 0;
    else if (letter === "J" && argument === "2") this.#lines = this.#blank();
    else if (letter === "J" && (argument === "" || argument === "0")) this.#eraseBelow();
    else if (letter === "K" && argument === "2") this.#erase(this.#row, 0);
    else if (letter === "K" && (argument === "" || argument === "0")) this.#erase(this.#row, this.#column);
    else if (letter === "A") this.#row = Math.max(0, this.#row - count);
    else if (letter === "B") this.#row = Math.min(this.rows - 1, this.#row + count);
    else if (letter === "C") this.#column = Math.min(this.columns - 1, this.#column + count);
    else if (letter === "D") this.#column = Math.max(0, this.#column - count);
    else if (letter === "G") this.#column = count - 1;
    else throw new Error(`sequence that a vt220 may not know: ${JSON.stringify(sequence)}`);
  }

  #eraseBelow(): void {
    this.#erase(this.#row, this.#column);
    for (let row = this.#row + 1; row < this.rows; row++) this.#erase(row, 0);
  }

  #erase(row: number, from: number): void {
    this.#lines[row]?.fill(" ", from);
  }

  #blank(): string[][] {
    return Array.from({ length: this.rows }, () => new Array<string>(this.columns).fill(" "));
  }
}
