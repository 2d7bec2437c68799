import { bytesText, secondsText } from "../../host/text.ts";

/** What is known of something that has a total. Times are `performance.now()` milliseconds. */
export interface BarState {
  /** First word of it: rate is counted from here. */
  from: { done: number; at: number };
  done: number;
  total: number;
  unit: "bytes" | "items";
}

const CELLS = 20;
/** Before this there is nothing to reckon with. */
const SURE_MS = 1000;

/** `[######..............]  31%  12.4 MiB/s  8 s left`. */
export function barText(bar: BarState, now: number): string {
  const share = bar.total > 0 ? Math.min(1, bar.done / bar.total) : 1;
  const filled = Math.floor(share * CELLS);
  const cells = `[${"#".repeat(filled)}${".".repeat(CELLS - filled)}]`;
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  return [cells, percent, ...rateTexts(bar, now)].join("  ");
}

function rateTexts({ from, done, total, unit }: BarState, now: number): string[] {
  const elapsed = now - from.at;
  const gone = done - from.done;
  if (elapsed < SURE_MS || gone <= 0) return [];
  const rate = (gone / elapsed) * 1000;
  const rateText = unit === "bytes" ? `${bytesText(rate)}/s` : `${rate.toFixed(1)}/s`;
  return done >= total ? [rateText] : [rateText, `${secondsText((total - done) / rate)} left`];
}
