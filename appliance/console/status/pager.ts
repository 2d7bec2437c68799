import { ESC, nextKey, REDRAW } from "../terminal/nextkey.ts";
import { Painter } from "../terminal/painter.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { typedWord } from "../terminal/typedword.ts";
import { fold } from "../terminal/width.ts";

/** A text to be read on a screen, longer than the screen or not. */
export interface Page {
  title: string;
  /** The text now; asked for again and again where the pager looks again. */
  lines(columns: number): readonly string[];
}

export interface PagerOptions {
  /** One or more; Left and Right change between them. */
  pages: readonly Page[];
  /** For a text that changes by itself. */
  again?: { every: number; look(): Promise<void> };
}

const MOVES: Readonly<Record<string, "up" | "down" | "pageUp" | "pageDown" | "home" | "end">> = {
  ...{ "\u001b[A": "up", "\u001bOA": "up", k: "up" },
  ...{ "\u001b[B": "down", "\u001bOB": "down", j: "down", "\r": "down", "\n": "down" },
  ...{ "\u001b[5~": "pageUp", u: "pageUp", "\u001b[6~": "pageDown", " ": "pageDown" },
  ...{ "\u001b[H": "home", "\u001b[1~": "home", "\u001b[F": "end", "\u001b[4~": "end" },
};
const PREVIOUS = ["\u001b[D", "\u001bOD", "p"];
const NEXT = ["\u001b[C", "\u001bOC", "n", "\t"];

/** Shows texts until Esc or q. In plain mode everything is printed once and Enter goes on. */
export async function showPages(terminal: Terminal, options: PagerOptions): Promise<void> {
  if (terminal.isPlain) return printPages(terminal, options.pages);
  const { pages, again } = options;
  const painter = new Painter(terminal);
  let index = 0;
  let top = 0;
  /** The line that is kept at the top while others come before it. */
  let anchor: string | undefined;
  while (!terminal.ended.aborted) {
    const { columns, rows } = terminal.output;
    const page = pages[index];
    if (page === undefined) return;
    const lines = page.lines(columns).flatMap((line) => fold(line, columns - 2));
    const room = Math.max(1, rows - 3);
    if (top > 0 && anchor !== undefined) top = Math.max(top, lines.indexOf(anchor, top));
    top = Math.max(0, Math.min(top, lines.length - room));
    anchor = lines[top];
    const head = pages.length === 1 ? page.title : `${page.title}   (page ${index + 1} of ${pages.length})`;
    const shown = lines.slice(top, top + room);
    const body = Array.from({ length: room }, (_, row) => (shown[row] ? ` ${shown[row]}` : ""));
    const foot = footText(top, shown.length, lines.length, pages.length, columns);
    painter.paint([` ${head}`, "", ...body, ` ${foot}`]);
    const key = await nextKey(terminal, again?.every);
    if (key === ESC || key === "q") return;
    if (key === undefined) await again?.look().catch(() => {});
    else if (key === REDRAW) painter.forget();
    else if (PREVIOUS.includes(key) || NEXT.includes(key)) {
      const turned = index + (NEXT.includes(key) ? 1 : -1);
      if (pages[turned] === undefined) continue;
      index = turned;
      top = 0;
    } else {
      top = moved(MOVES[key], top, room, lines.length);
      anchor = lines[top];
    }
  }
}

function moved(move: (typeof MOVES)[string] | undefined, top: number, room: number, length: number): number {
  const last = Math.max(0, length - room);
  const places = {
    up: top - 1,
    down: top + 1,
    // One line of the page before stays in sight.
    pageUp: top - Math.max(1, room - 1),
    pageDown: top + Math.max(1, room - 1),
    home: 0,
    end: last,
  };
  return move === undefined ? top : Math.max(0, Math.min(last, places[move]));
}

function footText(top: number, shown: number, all: number, pages: number, columns: number): string {
  const where = shown === all ? `${all} lines` : `${top + 1}-${top + shown} of ${all}`;
  if (columns < 70) return `${where}  Up Down${pages > 1 ? " Left Right" : ""}  Esc: back`;
  const turn = pages > 1 ? "   Left, Right: pages" : "";
  return `${where}   Up, Down, PageUp, PageDown${turn}   Esc: back`;
}

async function printPages(terminal: Terminal, pages: readonly Page[]): Promise<void> {
  const { output } = terminal;
  for (const page of pages) {
    output.write(`\n${page.title}\n`);
    for (const line of page.lines(output.columns).flatMap((text) => fold(text, output.columns - 2)))
      output.write(line === "" ? "\n" : `  ${line}\n`);
  }
  await waitForEnter(terminal);
}

/** In plain mode: nothing more is printed until somebody has read this far. */
export async function waitForEnter(terminal: Terminal): Promise<void> {
  await typedWord(terminal, "\nEnter: back to the status ");
}
