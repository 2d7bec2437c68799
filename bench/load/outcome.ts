import { emptyHistogram, merged } from "./histogram.ts";
import type { Outcome } from "./tasks.ts";

export function emptyOutcome(): Outcome {
  return {
    good: 0,
    failed: {},
    answered: emptyHistogram(),
    used: emptyHistogram(),
    gaveUp: emptyHistogram(),
    bytes: 0,
    seconds: 0,
    cpuSeconds: 0,
  };
}

/** What several processes did at the same time. */
export function together(outcomes: readonly Outcome[]): Outcome {
  const sum = emptyOutcome();
  for (const one of outcomes) {
    sum.good += one.good;
    sum.bytes += one.bytes;
    sum.cpuSeconds += one.cpuSeconds;
    sum.seconds = Math.max(sum.seconds, one.seconds);
    for (const [reason, count] of Object.entries(one.failed))
      sum.failed[reason] = (sum.failed[reason] ?? 0) + count;
  }
  sum.answered = merged(outcomes.map(({ answered }) => answered));
  sum.used = merged(outcomes.map(({ used }) => used));
  sum.gaveUp = merged(outcomes.map(({ gaveUp }) => gaveUp));
  return sum;
}

export function failures({ failed }: Pick<Outcome, "failed">): number {
  return Object.values(failed).reduce((sum, count) => sum + count, 0);
}

/** `3 timeout, 1 reset`; empty for none. */
export function failuresText({ failed }: Pick<Outcome, "failed">): string {
  return Object.entries(failed)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ");
}
