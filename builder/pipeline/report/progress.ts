import type { Progress } from "../progress.ts";
import type { Reporter } from "./events.ts";

/** Bars are told at most so often; more would only burn the processor that does the work. */
const BAR_EVERY_MS = 100;

let steps = 0;

/** The progress of a stage (or of what is before all stages: null) as events. */
export function progressFor(reporter: Reporter, stage: string | null): Progress {
  return inside(reporter, stage, null);
}

function inside(reporter: Reporter, stage: string | null, parent: number | null): Progress {
  const where = stage ?? "build";
  let told = Number.NEGATIVE_INFINITY;
  return {
    async step(title, work) {
      steps += 1;
      const step = steps;
      const start = performance.now();
      const end = (ok: boolean): void =>
        reporter.emit({ event: "step-end", stage: where, step, title, ok, seconds: secondsSince(start) });
      reporter.emit({ event: "step-start", stage: where, step, parent, title });
      try {
        const result = await work(inside(reporter, stage, step));
        end(true);
        return result;
      } catch (error) {
        end(false);
        throw error;
      }
    },
    bar(done, total, unit) {
      const now = performance.now();
      if (done < total && now - told < BAR_EVERY_MS) return;
      told = now;
      reporter.emit({ event: "bar", stage: where, step: parent, done, total, unit });
    },
    note(text) {
      reporter.emit({ event: "note", stage, text });
    },
  };
}

/** Seconds since a `performance.now()`, to the millisecond. */
export function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
