import { messageOf, PosternError } from "../error.ts";
import type { Paths } from "../paths.ts";
import { isMap } from "../settings/without.ts";
import { readIfThere, writeAtomic } from "../system/files.ts";
import { livePaths } from "./live.ts";
import { STEPS, type StepId } from "./steps.ts";

/** How an installation goes; one console does it, the others show it. */
export interface InstallState {
  phase: "working" | "done" | "failed";
  /** The process that works; when it is gone and the phase is still "working", it was cut off. */
  pid: number;
  /** The disk, in words. */
  disk: string;
  afterwards: "poweroff" | "reboot" | "ask";
  step: StepId;
  /** Bytes of the step; 0 of 0: the step does not count. */
  done: number;
  total: number;
  /** Milliseconds since 1970. */
  started: number;
  stepStarted: number;
  ended?: number;
  /** What did not work and does not matter much. */
  notes: readonly string[];
  /** What went wrong, line by line, and what to do. */
  error?: readonly string[];
}

/** How far it is: `done` of `total` steps' work, and how long it may still take. */
export interface Pace {
  percent: number | undefined;
  /** Seconds until the step is done; undefined: not known yet. */
  left: number | undefined;
}

/** Seconds of a step before its pace says something. */
const SETTLED = 3;

export function paceOf({ done, total, stepStarted }: InstallState, now: number): Pace {
  if (total === 0) return { percent: undefined, left: undefined };
  const seconds = (now - stepStarted) / 1000;
  const left = done === 0 || seconds < SETTLED ? undefined : Math.ceil((seconds / done) * (total - done));
  return { percent: Math.floor((100 * done) / total), left };
}

/** `2 min 5 s`, `40 s` */
export function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return minutes === 0 ? `${rest} s` : `${minutes} min ${rest} s`;
}

export async function writeState(paths: Pick<Paths, "live">, state: InstallState): Promise<void> {
  await writeAtomic(livePaths(paths).state, JSON.stringify(state), { mode: 0o600, uid: 0, gid: 0 });
}

/** The state of an installation, or undefined where none was begun. One that was cut off has failed. */
export async function readState(paths: Pick<Paths, "live" | "at">): Promise<InstallState | undefined> {
  const text = await readIfThere(livePaths(paths).state);
  if (text === undefined) return undefined;
  const state = parsed(text);
  if (!isState(state)) return undefined;
  if (state.phase !== "working" || isAlive(state.pid)) return state;
  const error = ["The installation was cut off. The disk starts nothing.", "Try again."];
  return { ...state, phase: "failed", error };
}

/** What went wrong as lines: what happened, then what to do. */
export function errorText(error: unknown): string[] {
  const lines = messageOf(error).split("\n");
  return error instanceof PosternError ? [...lines, error.hint] : lines;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isState(value: unknown): value is InstallState {
  if (!isMap(value)) return false;
  const { phase, pid, step, done, total } = value;
  return (
    ["working", "done", "failed"].includes(String(phase)) &&
    typeof pid === "number" &&
    STEPS.some(({ id }) => id === step) &&
    typeof done === "number" &&
    typeof total === "number"
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
