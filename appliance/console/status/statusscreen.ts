import type { LiveStatus } from "../../check/live.ts";
import { PARTS, type Parts } from "../../check/parts.ts";
import type { Status } from "../../check/status.ts";
import type { Release } from "../../release.ts";
import type { System } from "../../system/system.ts";
import { ESC, nextKey, REDRAW } from "../terminal/nextkey.ts";
import { Painter } from "../terminal/painter.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { typedWord } from "../terminal/typedword.ts";
import { statusPage } from "./statuspage.ts";

/** What the operator wants next. */
export type StatusKey = "reconfigure" | "login" | "reboot" | "quit";

/** Milliseconds between two looks; a look reads a few files. While a change waits its seconds are shown. */
const REFRESH = 5000;
const REFRESH_WAITING = 1000;
/** What something else wrote over the screen is gone after so many looks. */
const REPAINT_AFTER = 24;

export interface StatusScreenOptions {
  system: System;
  release: Release;
  terminal: Terminal;
  /** Whether it is the machine's own console; a session can be left instead. */
  isConsole: boolean;
  /** Other parts for tests. */
  parts?: Parts;
}

/** One for each terminal: what was counted outlives a change of settings in between. */
const LIVES = new WeakMap<Terminal, LiveStatus>();

/** Shows the status, again and again, until a key chooses what is not done here. */
export async function showStatus(options: StatusScreenOptions): Promise<StatusKey> {
  const { terminal, release } = options;
  const painter = new Painter(terminal);
  if (!terminal.isPlain) painter.paint([` Postern ${release.version}`]);
  const live = await liveFor(options);
  const chosen = await (terminal.isPlain ? printStatus(options, live) : drawStatus(options, live, painter));
  if (!terminal.isPlain) painter.leave();
  return chosen;
}

async function drawStatus(
  options: StatusScreenOptions,
  live: LiveStatus,
  painter: Painter,
): Promise<StatusKey> {
  const { terminal, isConsole } = options;
  let said: string | undefined;
  for (let looks = 1; ; looks++) {
    const status = await live.look();
    const { columns, rows } = terminal.output;
    if (looks % REPAINT_AFTER === 0) painter.forget();
    painter.paint(statusPage(status, { columns, rows, isConsole, ...(said === undefined ? {} : { said }) }));
    const key = await nextKey(terminal, status.waiting === undefined ? REFRESH : REFRESH_WAITING);
    if (terminal.ended.aborted) return "quit";
    if (key === undefined) continue;
    said = undefined;
    const chosen = choiceOf(key, isConsole);
    if (chosen !== undefined) return chosen;
    if (status.waiting !== undefined && (key === "y" || key === "n")) {
      const work = key === "y" ? "Keeping the change ..." : "Going back to the previous settings ...";
      painter.paint(statusPage(status, { columns, rows, isConsole, said: work }));
      said = await answer(options, key);
    } else if (key === REDRAW || (await openPage(key, options, live, status))) painter.forget();
  }
}

/** By lines: the page is printed, a letter and Enter chooses, Enter alone looks again. */
async function printStatus(options: StatusScreenOptions, live: LiveStatus): Promise<StatusKey> {
  const { terminal, isConsole } = options;
  const { output, ended } = terminal;
  let said: string | undefined;
  while (!ended.aborted) {
    const status = await live.look();
    const page = { columns: output.columns, rows: Number.POSITIVE_INFINITY, isConsole };
    const lines = statusPage(status, { ...page, ...(said === undefined ? {} : { said }) });
    said = undefined;
    output.write(`\n${lines.join("\n")}\n`);
    const typed = await typedWord(terminal, "A letter and Enter, or Enter alone to look again: ");
    if (ended.aborted) return "quit";
    const key = typed === undefined ? ESC : typed.trim().slice(0, 1).toLowerCase();
    const chosen = choiceOf(key, isConsole);
    if (chosen !== undefined) return chosen;
    if (status.waiting !== undefined && (key === "y" || key === "n")) said = await answer(options, key);
    else await openPage(key, options, live, status);
  }
  return "quit";
}

function choiceOf(key: string, isConsole: boolean): StatusKey | undefined {
  const keys: Readonly<Record<string, StatusKey>> = {
    r: "reconfigure",
    b: "reboot",
    ...(isConsole ? { l: "login" } : { q: "quit", [ESC]: "quit" }),
  };
  return keys[key.toLowerCase()];
}

/** Opens the page that a key stands for. @returns false for any other key. */
async function openPage(
  key: string,
  { system, terminal, parts = PARTS }: StatusScreenOptions,
  live: LiveStatus,
  { zone }: Status,
): Promise<boolean> {
  if (key === "d") await (await import("./denialspage.ts")).showDenials(terminal, live, zone);
  else if (key === "c") await (await import("./clientspage.ts")).showClientSettings(terminal, system, parts);
  else if (key === "t") await (await import("./testpage.ts")).showTests(terminal, system, parts);
  else return false;
  return true;
}

async function answer({ system }: StatusScreenOptions, key: "y" | "n"): Promise<string> {
  const { answerWaiting } = await import("./waiting.ts");
  return answerWaiting(system, key);
}

async function liveFor({
  system,
  release,
  terminal,
  parts = PARTS,
}: StatusScreenOptions): Promise<LiveStatus> {
  const known = LIVES.get(terminal);
  if (known !== undefined) return known;
  const { LiveStatus } = await import("../../check/live.ts");
  const live = new LiveStatus(system, release, parts);
  LIVES.set(terminal, live);
  terminal.ended.addEventListener("abort", () => void live.close(), { once: true });
  return live;
}
