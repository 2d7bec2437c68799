import type { Access } from "./access.ts";

/** How many requests ended in the last hour. */
export interface Traffic {
  allowed: number;
  refused: number;
  /** False: at least so many, the log was not read back for the whole hour. */
  isWhole: boolean;
}

const MINUTE = 60_000;
const WINDOW = 60;
/** Minutes are forgotten in one go when there are so many. */
const MOST_KEPT = 4 * WINDOW;

export const HOUR = WINDOW * MINUTE;

/** Counts by the minute, so that an hour of a busy machine is sixty small numbers. */
export class Tally {
  readonly #minutes = new Map<number, { allowed: number; refused: number }>();

  add({ time, outcome }: Access): void {
    if (outcome === "broken") return;
    const minute = Math.floor(time / MINUTE);
    const counts = this.#minutes.get(minute) ?? { allowed: 0, refused: 0 };
    counts[outcome]++;
    this.#minutes.set(minute, counts);
    if (this.#minutes.size > MOST_KEPT) this.#forget(minute);
  }

  /** The sum of the sixty minutes up to and with this one. */
  lastHour(now: number): { allowed: number; refused: number } {
    const last = Math.floor(now / MINUTE);
    const sum = { allowed: 0, refused: 0 };
    for (const [minute, { allowed, refused }] of this.#minutes) {
      if (minute <= last - WINDOW || minute > last) continue;
      sum.allowed += allowed;
      sum.refused += refused;
    }
    return sum;
  }

  #forget(newest: number): void {
    for (const minute of this.#minutes.keys())
      if (Math.abs(minute - newest) > WINDOW) this.#minutes.delete(minute);
  }
}
