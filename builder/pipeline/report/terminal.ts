import { cut, plainText, secondsText } from "../../host/text.ts";
import { type BarState, barText } from "./bar.ts";
import type { BuildEvent, Reporter } from "./events.ts";
import { lineOf } from "./lines.ts";

/** A terminal, as far as it is needed here. */
export interface Screen {
  write(text: string): void;
  columns(): number;
}

interface Shown {
  id: number | null;
  title: string;
  /** `performance.now()`. */
  start: number;
  bar?: BarState;
  note?: string;
}

/** Four a second look alive and cost nothing. */
const DRAW_MS = 250;
const EVERY_STAGE = "build";

/**
 * Finished things scroll by; below them a live area shows each running stage with its nested steps, their
 * elapsed time, a bar where there is a total, and the last thing a tool said.
 */
export function terminalReporter(screen: Screen, now: () => number = () => performance.now()): Reporter {
  const running = new Map<string, Shown[]>();
  let drawn = 0;

  const wipe = (): void => {
    if (drawn > 0) screen.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = (): void => {
    const width = screen.columns() - 1;
    const lines = [...running].flatMap(([stage, shown]) => liveLines(stage, shown, now()));
    wipe();
    if (lines.length > 0) screen.write(lines.map((line) => `${cut(line, width)}\n`).join(""));
    drawn = lines.length;
  };
  const timer = setInterval(draw, DRAW_MS);
  timer.unref();

  return {
    emit(event) {
      const line = isLasting(event) ? lineOf(event) : undefined;
      follow(running, event, now());
      if (line === undefined && event.event !== "stage-start") return;
      wipe();
      if (line !== undefined) screen.write(`${line}\n`);
      draw();
    },
    close() {
      clearInterval(timer);
      wipe();
    },
  };
}

/** What stays on the screen: ends, and words that belong to no running stage. */
function isLasting(event: BuildEvent): boolean {
  if (event.event === "note") return event.stage === null;
  return !["stage-start", "step-start", "bar"].includes(event.event);
}

/** Keeps what runs now, by stage: the stage itself, then its open steps. */
export function follow(running: Map<string, Shown[]>, event: BuildEvent, now: number): void {
  switch (event.event) {
    case "stage-start":
      running.set(event.stage, [{ id: null, title: event.title, start: now }]);
      return;
    case "stage-end":
      running.delete(event.stage);
      return;
    case "step-start": {
      const shown = running.get(event.stage) ?? [];
      running.set(event.stage, [...shown, { id: event.step, title: event.title, start: now }]);
      return;
    }
    case "step-end": {
      const left = (running.get(event.stage) ?? []).filter(({ id }) => id !== event.step);
      if (left.length > 0) running.set(event.stage, left);
      else running.delete(event.stage);
      return;
    }
    case "bar": {
      const shown = running.get(event.stage)?.find(({ id }) => id === event.step);
      if (shown === undefined) return;
      const { done, total, unit } = event;
      const from = shown.bar === undefined || shown.bar.done > done ? { done, at: now } : shown.bar.from;
      shown.bar = { from, done, total, unit };
      return;
    }
    case "note": {
      const last = running.get(event.stage ?? EVERY_STAGE)?.at(-1);
      if (last !== undefined) last.note = event.text;
    }
  }
}

function liveLines(stage: string, shown: readonly Shown[], now: number): string[] {
  return shown.flatMap(({ title, start, bar, note }, depth) => {
    const indent = "  ".repeat(depth + 1);
    const name = depth === 0 ? `${stage}: ` : "";
    const line = `${indent}${name}${plainText(title)}  ${secondsText((now - start) / 1000)}`;
    return [
      line,
      ...(bar === undefined ? [] : [`${indent}  ${barText(bar, now)}`]),
      ...(note === undefined ? [] : [`${indent}  ${plainText(note)}`]),
    ];
  });
}
