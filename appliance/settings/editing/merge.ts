import { commonLines } from "./commonlines.ts";
import { indentOf, type Laid, likeNeighbours } from "./indent.ts";

interface Versions {
  /** As it was written. */
  original: string;
  /** The same, in another layout. */
  base: string;
  /** `base` with changes. */
  edited: string;
}

interface Lines {
  own: readonly string[];
  old: readonly string[];
  fresh: readonly string[];
  /** For each line of `old`, which line of `own` it is. */
  inOwn: readonly (number | undefined)[];
  /** For each line of `old`, which line of `fresh` it is. */
  inFresh: readonly (number | undefined)[];
}

/** A place in all three texts. */
interface Place {
  own: number;
  old: number;
  fresh: number;
}

/**
 * Brings the changes from `base` to `edited` into `original`, line by line (a three-way merge), indented as
 * `original` is. Where a change meets lines that the layout has changed too, the edited lines are taken.
 */
export function mergeLines({ original, base, edited }: Versions): string {
  const [own, old, fresh] = [original.split("\n"), base.split("\n"), edited.split("\n")];
  const inOwn = commonLines(old.map(squeezed), own.map(squeezed));
  const lines: Lines = { own, old, fresh, inOwn, inFresh: commonLines(old, fresh) };
  const merged: Laid[] = [];
  let from: Place = { own: 0, old: 0, fresh: 0 };
  for (let line = 0; line <= old.length; line++) {
    const to = placeOf(lines, line);
    if (to === undefined) continue;
    const part = patched(lines, from, to);
    if (part === undefined) take(merged, lines, from, to);
    else for (const step of part) step(merged);
    if (line < old.length) merged.push(laid(own[to.own], old[line]));
    from = { own: to.own + 1, old: line + 1, fresh: to.fresh + 1 };
  }
  return merged.map(({ line }) => line).join("\n");
}

/** Where a line is that is the same in all three; the ends are, too. */
function placeOf({ own, old, fresh, inOwn, inFresh }: Lines, line: number): Place | undefined {
  if (line === old.length) return { own: own.length, old: line, fresh: fresh.length };
  const [ownLine, freshLine] = [inOwn[line], inFresh[line]];
  return ownLine === undefined || freshLine === undefined
    ? undefined
    : { own: ownLine, old: line, fresh: freshLine };
}

type Step = (merged: Laid[]) => void;

/** The part of the original with each change where the changed lines are; undefined where one cannot be placed. */
function patched(lines: Lines, from: Place, to: Place): Step[] | undefined {
  const { own, inOwn } = lines;
  const steps: Step[] = [];
  let at = from.own;
  for (const [start, end] of changes(lines, from, to)) {
    const above = start.old === 0 ? -1 : inOwn[start.old - 1];
    const places = inOwn.slice(start.old, end.old);
    const first = start.old < end.old ? places[0] : above === undefined ? inOwn[start.old] : above + 1;
    if (first === undefined || first < at || places.includes(undefined)) return undefined;
    const kept = own.slice(at, first);
    steps.push((merged) => merged.push(...kept.map((line) => laid(line, line))));
    steps.push((merged) => take(merged, lines, start, end));
    at = start.old < end.old ? (places.at(-1) ?? first) + 1 : first;
  }
  const rest = own.slice(at, to.own);
  return [...steps, (merged) => merged.push(...rest.map((line) => laid(line, line)))];
}

/** The places between which `old` and `fresh` differ. */
function changes({ inFresh }: Lines, from: Place, to: Place): [start: Place, end: Place][] {
  const all: [Place, Place][] = [];
  let start = from;
  for (let line = from.old; line <= to.old; line++) {
    const fresh = line === to.old ? to.fresh : inFresh[line];
    if (fresh === undefined) continue;
    const end = { own: 0, old: line, fresh };
    if (start.old < line || start.fresh < fresh) all.push([start, end]);
    start = { own: 0, old: line + 1, fresh: fresh + 1 };
  }
  return all;
}

/** Adds the edited lines between two places. */
function take(merged: Laid[], { own, old, fresh, inOwn }: Lines, from: Place, to: Place): void {
  const replaced = [...inOwn.slice(from.old, to.old + 1)].flatMap((line, index) =>
    line === undefined ? [] : [laid(own[line], old[from.old + index])],
  );
  for (const line of fresh.slice(from.fresh, to.fresh)) merged.push(likeNeighbours(line, merged, replaced));
}

function laid(line = "", base = ""): Laid {
  return { line, own: indentOf(line), base: indentOf(base) };
}

/** A line without what a layout may change in it: columns, spaces in brackets. */
function squeezed(line: string): string {
  return line.replaceAll(/\s/g, "");
}
