import type { StepReport } from "../apply/steps.ts";
import type { CheckResult } from "../check/check.ts";

/** A step of applying as one line, and the next step below it. */
export function stepLine({ state, title, detail, next }: StepReport): string {
  return line(state === "failed" ? "FAILED" : state, title, detail, next);
}

/** A check as one line, and what to do about it below. */
export function checkLine({ state, title, detail, next }: CheckResult): string {
  return line(state === "fail" ? "FAILED" : state, title, detail, next);
}

function line(state: string, title: string, detail?: string, next?: string): string {
  const said = detail === undefined || detail === "" ? "" : `: ${detail}`;
  return `${state.padEnd(7)} ${title}${said}${next === undefined ? "" : `\n        ${next}`}`;
}
