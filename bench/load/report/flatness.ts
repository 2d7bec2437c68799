import { median } from "../../median.ts";
import type { SoakSample } from "../results.ts";

/** How memory went over the second half of a soak, when every pool of it has been filled once. */
export interface Flatness {
  fromKb: number;
  toKb: number;
  growthPercent: number;
}

const LEAST = 8;

/** Compares the third quarter with the last one, by medians; undefined for too few samples. */
export function flatness(samples: readonly SoakSample[]): Flatness | undefined {
  if (samples.length < LEAST) return undefined;
  const quarter = Math.floor(samples.length / 4);
  const middle = (from: number, to: number): number =>
    Math.round(median(samples.slice(from, to).map(({ pssKb }) => pssKb)));
  const [fromKb, toKb] = [
    middle(samples.length - 2 * quarter, samples.length - quarter),
    middle(samples.length - quarter, samples.length),
  ];
  return { fromKb, toKb, growthPercent: ((toKb - fromKb) / fromKb) * 100 };
}
