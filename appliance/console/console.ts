import { existsSync, writeSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { EXIT_INTERRUPTED } from "../error.ts";
import type { Release } from "../release.ts";
import type { System } from "../system/system.ts";
import type { ApplyContext } from "./applying.ts";
import type { Asker } from "./asker.ts";
import { type Draft, draftOf, EMPTY_DRAFT, settingsOf } from "./draft.ts";
import { NO_OTHERS, type Others } from "./others.ts";
import type { Terminal } from "./terminal.ts";

export interface ConsoleOptions {
  system: System;
  release: Release;
  input: Readable;
  output: Writable;
  isPlain: boolean;
  /** `tty1`, `ttyS0`: the machine's own console; undefined in a session. */
  line: string | undefined;
  /** Milliseconds that the network and Squid may take to come up after a change. */
  patience: number;
  /** Becomes `/bin/login`; does not come back. */
  login(): never;
}

const ESC = "\u001b";
const CLEAR = "\u001b[2J\u001b[H";

/** The console of the machine: asks until it is configured, then shows the status. Returns the exit code. */
export async function runConsole(options: ConsoleOptions): Promise<number> {
  const { system, line } = options;
  const { openTerminal } = await import("./terminal.ts");
  const terminal = openTerminal({
    ...options,
    // On the machine's own console there is nothing to leave to.
    onInterrupt: () => (line === undefined ? process.exit(EXIT_INTERRUPTED) : terminal.input.write(ESC)),
  });
  try {
    if (!existsSync(system.paths.confirmed)) await firstBoot(options, terminal);
    return await live(options, terminal);
  } finally {
    terminal.close();
  }
}

/** The status screen, and what its keys ask for. */
async function live(options: ConsoleOptions, terminal: Terminal): Promise<number> {
  const { system, release, line, login } = options;
  const { showStatus } = await import("./statusscreen.ts");
  while (!terminal.ended.aborted) {
    const key = await showStatus({ system, release, terminal, isConsole: line !== undefined });
    if (key === "quit") return 0;
    if (key === "login") {
      terminal.output.write(terminal.isPlain ? "" : CLEAR);
      terminal.close();
      login();
    }
    if (key === "reboot") await reboot(options, terminal);
    if (key === "reconfigure") await reconfigure(options, terminal);
  }
  return 0;
}

/** Asks everything; ends when it is done here, on another console or by settings that came without a keyboard. */
async function firstBoot(options: ConsoleOptions, terminal: Terminal): Promise<void> {
  const { watchOthers } = await import("./others.ts");
  const others = await watchOthers(options.system.paths);
  try {
    while (await askOnce(options, terminal, others)) {
      // What the boot found came while nobody had answered yet: the questions begin with it.
    }
  } finally {
    others.stop();
  }
}

/** One go through the questions. Returns whether they have to begin again. */
async function askOnce(options: ConsoleOptions, terminal: Terminal, others: Others): Promise<boolean> {
  const { system, release, line, patience } = options;
  const [{ watchArrival }, { begin }] = await Promise.all([import("./arrival.ts"), import("./start.ts")]);
  const arrival = await watchArrival(system.paths);
  try {
    const { draft, notice } = await begin(system.paths);
    const header = `Postern ${release.version}   first boot${line === undefined ? "" : ` on ${line}`}`;
    const signal = AbortSignal.any([others.signal, arrival.signal]);
    const asker = arrival.over(await askerFor(terminal, header, signal));
    if (notice.length > 0) await acknowledge(asker, notice);
    await ask({ system, asker, others, patience, line }, draft, { isFirst: true });
  } finally {
    arrival.stop();
  }
  return arrival.signal.aborted && !others.signal.aborted && !terminal.ended.aborted;
}

/** Changes settings in force, beginning at the review. Esc there leaves them as they are. */
async function reconfigure(
  { system, release, patience, line }: ConsoleOptions,
  terminal: Terminal,
): Promise<void> {
  const { currentSettings } = await import("../settings/current.ts");
  const settings = await currentSettings(system.paths).catch(() => undefined);
  const asker = await askerFor(terminal, `Postern ${release.version}   change settings`, NO_OTHERS.signal);
  const draft = settings === undefined ? EMPTY_DRAFT : draftOf(settings);
  await ask({ system, asker, others: NO_OTHERS, patience, line }, draft, { isFirst: settings === undefined });
}

/** Questions, review, applying, until it is done or given up. */
async function ask(context: ApplyContext, first: Draft, { isFirst }: { isFirst: boolean }): Promise<void> {
  const { askAll, review } = await import("./wizard.ts");
  const { applyAndShow } = await import("./applying.ts");
  let draft = first;
  let isAsked = !isFirst;
  for (;;) {
    if (!isAsked) {
      const result = await askAll(draft, context);
      if (result.way === "gone") return;
      draft = result.draft;
      isAsked = true;
    }
    const ending = await review(draft, context);
    if (ending.way === "gone") return;
    draft = ending.draft;
    if (ending.way === "back") {
      if (!isFirst) return;
      isAsked = false;
      continue;
    }
    const { settingsText } = await import("../settings/text.ts");
    const settings = settingsOf(draft);
    const origin = {
      way: "console",
      ...(context.line === undefined ? {} : { detail: context.line }),
    } as const;
    if ((await applyAndShow(context, settings, settingsText(settings), origin)) !== "change") return;
  }
}

async function reboot({ system, release }: ConsoleOptions, terminal: Terminal): Promise<void> {
  const asker = await askerFor(terminal, `Postern ${release.version}`, NO_OTHERS.signal);
  const answer = await asker.choose({
    title: "Restart this machine?",
    lines: ["Clients get no answer until it is back."],
    choices: [
      { value: false, label: "No" },
      { value: true, label: "Restart" },
    ],
  });
  if (answer.kind === "value" && answer.value) await system.run("systemctl", ["reboot"]);
}

async function acknowledge(asker: Asker, lines: readonly string[]): Promise<void> {
  await asker.choose({
    title: "The settings that came with this machine cannot be used",
    lines,
    choices: [{ value: true, label: "Go on to the questions" }],
  });
}

async function askerFor(terminal: Terminal, header: string, others: AbortSignal): Promise<Asker> {
  const signal = AbortSignal.any([others, terminal.ended]);
  if (terminal.isPlain) return (await import("./lines.ts")).lineAsker(terminal, header, signal);
  return (await import("./screen.ts")).screenAsker(terminal, header, signal);
}

/** The first thing on the screen, before anything else is loaded. */
export function printBanner({ version }: Release): void {
  writeSync(1, `Postern ${version}\n`);
}
