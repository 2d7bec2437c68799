const SHORTEST_START = 4;

/**
 * The known word that a person most likely meant, or undefined where none is near: at most a third of the
 * letters differ, of the word or of its beginning.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  let best: { word: string; steps: number } | undefined;
  const lower = word.toLowerCase();
  for (const candidate of known) {
    const whole = candidate.toLowerCase();
    // The beginning of a long word is a word too: `debain` for debian-13.
    const start = word.length >= SHORTEST_START ? whole.slice(0, word.length) : whole;
    const steps = Math.min(distance(lower, whole), distance(lower, start));
    if (best === undefined || steps < best.steps) best = { word: candidate, steps };
  }
  const near = best !== undefined && best.steps <= Math.max(1, Math.floor((word.length + 1) / 3));
  return near ? best?.word : undefined;
}

/** ` (did you mean ova?)`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearestWord(word, known);
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

/** Optimal string alignment: a letter put in, left out, changed, or swapped with its neighbour is one step. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= a.length; row++) {
    rows[row] = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let steps = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) steps = Math.min(steps, at(row - 2, column - 2) + 1);
      rows[row]?.push(steps);
    }
  }
  return at(a.length, b.length);
}
