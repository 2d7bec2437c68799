import type { Denial } from "../../check/denials.ts";
import type { LiveStatus } from "../../check/live.ts";
import { reasonOf } from "../../traffic/access.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { squeeze } from "./figures.ts";
import { showPages } from "./pager.ts";
import { momentText } from "./statuswords.ts";

/** Milliseconds between two looks at the log while the list is read. */
const AGAIN = 2000;
const NARROW = 70;
const REASON = 26;

/** The last refused requests, newest first, and those that come while it is read. */
export function showDenials(terminal: Terminal, live: LiveStatus, zone: string): Promise<void> {
  return showPages(terminal, {
    pages: [
      {
        title: "Last denied, newest first",
        lines: (columns) => denialLines(live.denials, { columns, zone, now: Date.now() }),
      },
    ],
    again: { every: AGAIN, look: () => live.readTraffic() },
  });
}

/** A line for each: when, who, which name, and why. Two lines where the screen is narrow. */
export function denialLines(
  denials: readonly Denial[],
  { columns, zone, now }: { columns: number; zone: string; now: number },
): string[] {
  if (denials.length === 0) return ["No request was refused as far back as the log was read."];
  return denials.flatMap(({ time, client, target, rule }) => {
    const who = `${momentText(time, now, zone)}  ${client.padEnd(15)}`;
    if (columns < NARROW) return [who.trimEnd(), `  ${target}  ${reasonOf(rule)}`];
    const room = columns - 2 - who.length - 2 - 2 - REASON;
    return [`${who}  ${squeeze(target, room).padEnd(room)}  ${reasonOf(rule)}`];
  });
}
