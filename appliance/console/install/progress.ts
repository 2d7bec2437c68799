import { setTimeout as pause } from "node:timers/promises";
import { durationText, type InstallState, paceOf, readState } from "../../install/state.ts";
import { STEPS } from "../../install/steps.ts";
import { Painter } from "../terminal/painter.ts";
import { forgetTyped, type Terminal } from "../terminal/terminal.ts";
import { wrap } from "../terminal/width.ts";
import type { InstallContext } from "./context.ts";

/** Shows how an installation goes. */
export interface ProgressView {
  show(state: InstallState): void;
  close(): void;
}

const EVERY = 1000;
/** Percent between two lines where only lines can be printed. */
const PLAIN_EVERY = 10;
/** Below so many rows only the step at work is shown. */
const ROOMY = 16;
const MB = 1e6;
const KEEP_ON = "Do not switch the server off.";

export function progressView(terminal: Terminal, header: string): ProgressView {
  return terminal.isPlain ? plainView(terminal, header) : screenView(terminal, header);
}

function screenView(terminal: Terminal, header: string): ProgressView {
  const { output } = terminal;
  const painter = new Painter(terminal);
  let latest: InstallState | undefined;
  const draw = (): void => {
    if (latest === undefined) return;
    const { columns, rows } = output;
    painter.paint([header, ...progressLines(latest, { columns, rows }, Date.now())]);
  };
  output.painter = () => {
    painter.forget();
    draw();
  };
  return {
    show(state) {
      latest = state;
      draw();
    },
    close() {
      output.painter = undefined;
      painter.leave();
    },
  };
}

function plainView({ output }: Terminal, header: string): ProgressView {
  let step: string | undefined;
  let shown = 0;
  const print = (line: string): void => {
    output.write(`${line}\n`);
  };
  print(`\n${header}`);
  return {
    show(state) {
      const index = STEPS.findIndex(({ id }) => id === state.step);
      const { percent = 0, left } = paceOf(state, Date.now());
      if (step === undefined) print(`Installing on ${state.disk}. ${KEEP_ON}`);
      if (step !== state.step) {
        step = state.step;
        shown = 0;
        print(`${index + 1} of ${STEPS.length}: ${STEPS[index]?.title ?? ""}`);
      }
      if (percent < shown + PLAIN_EVERY) return;
      shown = percent - (percent % PLAIN_EVERY);
      print(`  ${percent} %${left === undefined ? "" : `, ${durationText(left)} left`}`);
    },
    close() {},
  };
}

/** The page below its header. The size is in characters. */
export function progressLines(
  state: InstallState,
  { columns, rows }: { columns: number; rows: number },
  now: number,
): string[] {
  const current = STEPS.findIndex(({ id }) => id === state.step);
  const { percent, left } = paceOf(state, now);
  const amount =
    state.total === 0 ? "" : `${Math.floor(state.done / MB)} of ${Math.ceil(state.total / MB)} MB`;
  const leftText = left === undefined ? "" : `${durationText(left)} left`;
  const bar =
    percent === undefined
      ? []
      : [barText(percent, Math.min(40, columns - 12)), `${amount}   ${leftText}`.trim()];
  const ran = `Running for ${durationText((now - state.started) / 1000)}.`;
  const title = wrap(`Installing on ${state.disk}`, columns - 1);
  if (rows < ROOMY) {
    const step = `${current + 1} of ${STEPS.length}: ${STEPS[current]?.title ?? ""}`;
    return [...title, step, ...bar.map((line) => `  ${line}`), `  ${KEEP_ON}`];
  }
  const steps = STEPS.map((step, index) => {
    const mark = index < current ? "[x]" : index === current ? " > " : "[ ]";
    return `  ${mark} ${step.title}`;
  });
  return ["", ...title, "", ...steps, "", ...bar.map((line) => `  ${line}`), "", `  ${ran}`, `  ${KEEP_ON}`];
}

function barText(percent: number, width: number): string {
  const full = Math.round((percent / 100) * width);
  return `[${"#".repeat(full)}${".".repeat(width - full)}] ${percent} %`;
}

/** Shows the progress of another console's installation until it has ended. */
export async function followInstall({ system, terminal, header }: InstallContext): Promise<void> {
  const view = progressView(terminal, header);
  try {
    while (!terminal.ended.aborted) {
      const state = await readState(system.paths);
      if (state?.phase !== "working") return;
      view.show(state);
      await pause(EVERY, undefined, { signal: terminal.ended }).catch(() => {});
    }
  } finally {
    view.close();
    forgetTyped(terminal);
  }
}
