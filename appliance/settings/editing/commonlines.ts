/** Tables of this many cells take milliseconds; a text that needs more is not worth its old layout. */
const MOST_CELLS = 4_000_000;

/** For each line of `one` the line of `other` it is kept as, in a longest common subsequence. */
export function commonLines(one: readonly string[], other: readonly string[]): (number | undefined)[] {
  const kept = new Array<number | undefined>(one.length).fill(undefined);
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) {
    kept[start] = start;
    start++;
  }
  let end = 0;
  while (
    end < one.length - start &&
    end < other.length - start &&
    one[one.length - 1 - end] === other[other.length - 1 - end]
  ) {
    kept[one.length - 1 - end] = other.length - 1 - end;
    end++;
  }
  const rows = one.slice(start, one.length - end);
  const columns = other.slice(start, other.length - end);
  for (const [row, column] of longest(rows, columns)) kept[start + row] = start + column;
  return kept;
}

/** Pairs of equal lines, both rising. */
function longest(rows: readonly string[], columns: readonly string[]): [row: number, column: number][] {
  const width = columns.length + 1;
  const cells = (rows.length + 1) * width;
  if (cells > MOST_CELLS) return [];
  // At (r, c): how many lines the texts from there on have in common.
  const table = new Uint32Array(cells);
  const at = (row: number, column: number): number => table[row * width + column] ?? 0;
  for (let row = rows.length - 1; row >= 0; row--) {
    for (let column = columns.length - 1; column >= 0; column--) {
      table[row * width + column] =
        rows[row] === columns[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: [number, number][] = [];
  let [row, column] = [0, 0];
  while (row < rows.length && column < columns.length) {
    if (rows[row] === columns[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return pairs;
}
