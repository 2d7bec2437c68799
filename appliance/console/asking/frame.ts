import { cut, wrap } from "../terminal/width.ts";
import type { Choice } from "./asker.ts";

export const BOLD = "\u001b[1m";
export const INVERSE = "\u001b[7m";
export const OFF = "\u001b[0m";

/** Below so many rows a page has no blank lines. */
const ROOMY = 16;
const LEFT = "  ";

export interface Size {
  columns: number;
  rows: number;
}

/** A page, before it is fitted to a terminal. */
export interface Page {
  header: string;
  title: string;
  /** Why it is asked: cut first where there is no room. */
  lines: readonly string[];
  /** The choices or the line of input; rows that already fit the width. */
  body: readonly string[];
  /** The row of the body that has to be in sight. */
  at: number;
  /** What the keys do, from long to short. */
  help: readonly string[];
  /** How often Tab was pressed: which part of `lines` is shown. */
  turns: number;
}

/** The page as text, never as high as the terminal: what is drawn must not scroll it. */
export function pageText({ header, title, lines, body, at, help, turns }: Page, size: Size): string {
  const width = size.columns - 1;
  const gap = size.rows < ROOMY ? [] : [""];
  const why = lines.flatMap((line) => wrap(line, width - 4)).map((line) => LEFT + line);
  const room = Math.max(2, size.rows - 1 - 3 - 3 * gap.length);
  const forWhy = Math.max(Math.min(why.length, room - body.length), Math.floor(room / 3));
  const isCut = why.length > forWhy;
  const shown = isCut ? turned(why, forWhy, turns) : why;
  const keys = help.map((text) => LEFT + (isCut ? `${text}   Tab: more` : text));
  return [
    cut(header, width),
    ...gap,
    `${BOLD}${cut(title, width)}${OFF}`,
    ...shown,
    ...gap,
    ...windowOf(body, at, room - shown.length),
    ...gap,
    keys.find((text) => text.length <= width) ?? cut(keys.at(-1) ?? "", width),
  ].join("\n");
}

/** One line for each choice, and all of the current one. Returns also the row where that is. */
export function choiceRows<T>(
  choices: readonly Choice<T>[],
  current: number,
  width: number,
  mark: (index: number) => string = () => "",
): { rows: string[]; at: number } {
  const digits = String(choices.length).length;
  const longest = Math.max(...choices.map(({ label }) => label.length));
  const rows: string[] = [];
  for (const [index, { label, hint }] of choices.entries()) {
    const start = `${String(index + 1).padStart(digits)}. ${mark(index)}`;
    const whole = hint === undefined ? start + label : `${start}${label.padEnd(longest)}  ${hint}`;
    const isWhole = whole.length <= width - 2;
    const row = isWhole ? whole : cut(start + label, width - 2);
    rows.push(index === current ? `> ${INVERSE}${row}${OFF}` : LEFT + cut(isWhole ? row : whole, width - 2));
    if (index === current && !isWhole) {
      const indent = " ".repeat(start.length);
      const rest = hint === undefined ? label : hint;
      rows.push(...wrap(rest, width - 2 - indent.length).map((line) => `${LEFT}${indent}${line}`));
    }
  }
  return { rows, at: rows.findIndex((row) => row.startsWith(">")) };
}

/** The part of the text around the cursor; a pasted key is longer than a line. */
export function inputLine(text: string, cursor: number, width: number): string {
  const start = Math.max(0, cursor - width + 1);
  const visible = text.slice(start, start + width).replaceAll(/[^\x20-\x7e]/g, "?");
  const at = cursor - start;
  const under = visible[at] ?? " ";
  return `${start > 0 ? "<" : ""}${visible.slice(0, at)}${INVERSE}${under}${OFF}${visible.slice(at + 1)}`;
}

/** The page of the explanation that so many presses of Tab lead to. */
function turned(lines: readonly string[], room: number, turns: number): readonly string[] {
  if (room <= 0) return [];
  const pages = Math.ceil(lines.length / room);
  const start = (turns % pages) * room;
  return lines.slice(start, start + room);
}

/** As many rows as there is room for, with the current one among them and a word about the others. */
function windowOf(rows: readonly string[], at: number, room: number): readonly string[] {
  if (rows.length <= room) return rows;
  if (room < 4) return rows.slice(Math.max(0, Math.min(at, rows.length - room))).slice(0, Math.max(1, room));
  // Two rows for the words, but only where they are needed.
  const start = Math.max(0, Math.min(at - Math.floor(room / 2), rows.length - room));
  const end = start + room;
  const inside = rows.slice(start, end);
  if (start > 0) inside[0] = `${LEFT}... more above`;
  if (end < rows.length) inside[room - 1] = `${LEFT}... more below`;
  return inside;
}
