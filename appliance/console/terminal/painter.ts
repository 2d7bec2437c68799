import type { Terminal } from "./terminal.ts";
import { cut } from "./width.ts";

const HOME = "\u001b[H";
const CLEAR = "\u001b[2J";
const CLEAR_LINE_END = "\u001b[K";
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

/** Draws pages over each other and writes only the rows that differ: nothing flickers, also on a slow line. */
export class Painter {
  readonly #output: Terminal["output"];
  /** What stands on the screen; undefined while that is not known. */
  #shown: string[] | undefined;
  #columns = 0;

  constructor({ output }: Pick<Terminal, "output">) {
    this.#output = output;
  }

  /** A line feed is never written, so a page as high as the screen does not scroll. */
  paint(lines: readonly string[]): void {
    const { columns, rows } = this.#output;
    const wanted = Array.from({ length: rows }, (_, index) => cut(lines[index] ?? "", columns - 1));
    if (columns !== this.#columns || rows !== this.#shown?.length) this.forget();
    this.#columns = columns;
    const before = this.#shown ?? wanted.map(() => "");
    const changes = wanted.flatMap((text, index) => (text === before[index] ? [] : [at(index, text)]));
    const start = this.#shown === undefined ? `${HIDE_CURSOR}${HOME}${CLEAR}` : "";
    this.#shown = wanted;
    if (start !== "" || changes.length > 0) this.#output.write(start + changes.join(""));
  }

  /** The next page is drawn afresh: something else wrote here, or the size changed. */
  forget(): void {
    this.#shown = undefined;
  }

  /** Leaves the screen to somebody else. */
  leave(): void {
    this.forget();
    this.#output.write(SHOW_CURSOR);
  }
}

/** A row at its place, counted from 0. The return parts it from what was written before, for who reads along. */
function at(index: number, text: string): string {
  return `${HOME}${index === 0 ? "" : `\u001b[${index}B`}\r${text}${CLEAR_LINE_END}`;
}
