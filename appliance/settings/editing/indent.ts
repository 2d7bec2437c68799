/** A line with its indentation where it stands, and the one it has in another layout. */
export interface Laid {
  line: string;
  own: number;
  base: number;
}

/**
 * Indents a line of the other layout like its neighbours: a sibling above, one that it replaces or that comes
 * next, else as much further in than its parent as there. Remarks stand anywhere: only another one goes by them.
 */
export function likeNeighbours(line: string, above: readonly Laid[], replaced: readonly Laid[]): Laid {
  const base = indentOf(line);
  if (line.trim() === "") return { line, own: base, base };
  const counts = (one: Laid): boolean => one.line.trim() !== "" && (isRemark(line) || !isRemark(one.line));
  const nearest = above.findLast((one) => counts(one) && one.base <= base);
  const sibling = nearest?.base === base ? nearest : replaced.find((one) => counts(one) && one.base === base);
  const own = sibling?.own ?? (nearest?.own ?? 0) + base - (nearest?.base ?? 0);
  return { line: " ".repeat(own) + line.trimStart(), own, base };
}

function isRemark(line: string): boolean {
  return line.trimStart().startsWith("#");
}

export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
