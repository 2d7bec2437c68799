import { median } from "../median.ts";

/** What several runs of the same thing gave. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** @throws Error for none. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How the values of one side stand to those of the other that ran right after or before: the median of the pairs'
 * ratios. A host that is slow for a while is slow for both of a pair.
 */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Spread | undefined {
  const pairs = Math.min(ours.length, theirs.length);
  const ratios: number[] = [];
  for (let at = 0; at < pairs; at += 1) {
    const [over, under] = [ours[at] ?? 0, theirs[at] ?? 0];
    if (under > 0) ratios.push(over / under);
  }
  return ratios.length === 0 ? undefined : spreadOf(ratios);
}
