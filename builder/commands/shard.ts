/** One of several parts of the boot tests: the `index`-th, counted from 1. */
export interface Shard {
  index: number;
  of: number;
}

/** `2/4` as a part. @returns undefined when it is none. */
export function parseShard(text: string): Shard | undefined {
  const [, index = 0, of = 0] = (/^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? []).map(Number);
  return index >= 1 && index <= of ? { index, of } : undefined;
}
