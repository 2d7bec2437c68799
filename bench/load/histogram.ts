/**
 * Latencies in buckets that grow by one percent, so that millions of them take no room and those of several
 * processes can be added. A percentile is exact to half a percent.
 */
export interface Histogram {
  count: number;
  /** How many fell into each bucket, by its number. */
  buckets: Record<number, number>;
}

const GROWTH = Math.log(1.01);
/** Milliseconds below which all are one. */
const FINEST = 0.01;

export function emptyHistogram(): Histogram {
  return { count: 0, buckets: {} };
}

/** Adds one value in milliseconds. */
export function note(histogram: Histogram, ms: number): void {
  const bucket = Math.max(0, Math.round(Math.log(ms / FINEST) / GROWTH));
  histogram.count += 1;
  histogram.buckets[bucket] = (histogram.buckets[bucket] ?? 0) + 1;
}

export function merged(histograms: readonly Histogram[]): Histogram {
  const sum = emptyHistogram();
  for (const { count, buckets } of histograms) {
    sum.count += count;
    for (const [bucket, some] of Object.entries(buckets))
      sum.buckets[Number(bucket)] = (sum.buckets[Number(bucket)] ?? 0) + some;
  }
  return sum;
}

/**
 * The value that the given share of all values does not exceed (nearest rank).
 *
 * @param share above 0, up to 1.
 * @returns milliseconds; undefined where there is no value.
 */
export function percentile({ count, buckets }: Histogram, share: number): number | undefined {
  const rank = Math.max(1, Math.ceil(count * share));
  let seen = 0;
  const numbers = Object.keys(buckets)
    .map(Number)
    .toSorted((a, b) => a - b);
  for (const bucket of numbers) {
    seen += buckets[bucket] ?? 0;
    if (seen >= rank) return FINEST * Math.exp(bucket * GROWTH);
  }
  return undefined;
}
