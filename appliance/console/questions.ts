import { existsSync } from "node:fs";
import type { Origin } from "../apply/origin.ts";
import { SETTINGS } from "../paths.ts";
import { readIfThere } from "../system/files.ts";
import type { Applied, ApplyContext } from "./applycontext.ts";
import type { Asker } from "./asking/asker.ts";
import { askerFor } from "./asking/askerfor.ts";
import { type Draft, draftOf, EMPTY_DRAFT, settingsOf } from "./draft.ts";
import type { ConsoleOptions } from "./options.ts";
import { NO_OTHERS, type Others } from "./others.ts";
import type { Restored } from "./restore.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** Milliseconds in which DHCP servers answer where there is one. */
const LEASE_WAIT = 10_000;
/** Milliseconds to see whether the machine can still be reached. */
const CONFIRM_WITHIN = 120_000;

/** Asks everything; ends when it is done here, on another console or by settings that came without a keyboard. */
export async function firstBoot(options: ConsoleOptions, terminal: Terminal): Promise<void> {
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
  const { system, release, line } = options;
  const [{ watchArrival }, { begin }] = await Promise.all([import("./arrival.ts"), import("./start.ts")]);
  const arrival = await watchArrival(system.paths);
  try {
    const { draft, notice } = await begin(system.paths);
    const header = `Postern ${release.version}   first boot${line === undefined ? "" : ` on ${line}`}`;
    const signal = AbortSignal.any([others.signal, arrival.signal]);
    const asker = arrival.over(await askerFor(terminal, header, signal));
    if (notice.length > 0) await acknowledge(asker, notice);
    const begun = { isFirst: true, text: undefined, version: release.version };
    await ask(contextOf(options, asker, others), draft, begun);
  } finally {
    arrival.stop();
  }
  return arrival.signal.aborted && !others.signal.aborted && !terminal.ended.aborted;
}

/** Changes settings in force, beginning at the review. Esc there leaves them as they are. */
export async function reconfigure(options: ConsoleOptions, terminal: Terminal): Promise<void> {
  const { system, release } = options;
  const ended = await finishWaiting(options, terminal);
  if (ended !== undefined && ended !== "change") return;
  const asker = await askerFor(terminal, `Postern ${release.version}   change settings`, NO_OTHERS.signal);
  const text = await readIfThere(system.paths.confirmed);
  const draft = text === undefined ? EMPTY_DRAFT : await draftFrom(text);
  const begun = { isFirst: text === undefined, text, version: release.version };
  await ask(contextOf(options, asker, NO_OTHERS), draft, begun);
}

/**
 * Asks about a change that waits for a word, such as one of a console that ended meanwhile.
 *
 * @returns how that ended; undefined where none waits.
 */
export async function finishWaiting(
  { system, release }: ConsoleOptions,
  terminal: Terminal,
): Promise<Applied | undefined> {
  const { paths } = system;
  if (!existsSync(paths.journal)) return undefined;
  const { pending } = await import("../apply/confirm.ts");
  const waiting = await pending(system);
  const text = await readIfThere(paths.settings);
  if (waiting === undefined || text === undefined) return undefined;
  const asker = await askerFor(terminal, `Postern ${release.version}`, NO_OTHERS.signal);
  const { askToKeep } = await import("./keeping.ts");
  const change = { deadline: waiting.deadline, text, failed: [], isOurs: false };
  return askToKeep({ system, asker, others: NO_OTHERS }, change);
}

/** The answers in a file; of one that was spoilt by hand what is right in it. */
async function draftFrom(text: string): Promise<Draft> {
  const [{ salvageSettings }, { partsOf }] = await Promise.all([
    import("../settings/salvage.ts"),
    import("./parts.ts"),
  ]);
  const { settings, problems } = salvageSettings(text, SETTINGS);
  return { ...draftOf(settings), marked: partsOf(problems) };
}

interface Begun {
  isFirst: boolean;
  /** The settings file in force. */
  text: string | undefined;
  /** Of Postern. */
  version: string;
}

/** Questions, review, applying, until it is done or given up. */
async function ask(context: ApplyContext, first: Draft, { isFirst, text, version }: Begun): Promise<void> {
  const [{ askAll }, { offerRestore }] = await Promise.all([import("./wizard.ts"), import("./restore.ts")]);
  let draft = first;
  let restored: Restored | undefined;
  let from: "first" | "last" | undefined = isFirst ? "first" : undefined;
  for (;;) {
    if (from === "first") {
      const offer = await offerRestore(context, version);
      if (offer.way === "gone") return;
      restored = offer.way === "restored" ? offer.restored : undefined;
      if (restored !== undefined) [draft, from] = [restored.draft, undefined];
    }
    if (from !== undefined) {
      const result = await askAll(draft, context, from);
      if (result.way === "gone") return;
      draft = result.draft;
      from = result.way === "back" ? "first" : undefined;
      if (from !== undefined) continue;
    }
    const { review } = await import("./review.ts");
    const ending = await review(draft, context);
    if (ending.way === "gone") return;
    draft = ending.draft;
    if (ending.way === "back") {
      if (!isFirst) return;
      from = restored === undefined ? "last" : "first";
      if (restored !== undefined) draft = first;
      continue;
    }
    const { applyAndShow } = await import("./applying.ts");
    const settings = settingsOf(draft);
    const file = await fileOf(draft, restored?.text ?? text);
    const origin = originOfConsole(context, restored);
    const wanted = { settings, text: file, origin };
    const more = restored?.catalogue === undefined ? {} : { catalogue: restored.catalogue };
    if ((await applyAndShow(context, { ...wanted, ...more })) !== "change") return;
  }
}

/** The settings as a file: the one in force with only what differs changed, or a new one. */
async function fileOf(draft: Draft, text: string | undefined): Promise<string> {
  const settings = settingsOf(draft);
  if (text !== undefined) return (await import("../settings/edit.ts")).editSettings(text, settings);
  return (await import("../settings/text.ts")).settingsText(settings);
}

function originOfConsole({ line }: ApplyContext, restored: Restored | undefined): Origin {
  const by = process.env.SUDO_USER ?? "";
  const detail = [line, restored?.detail].filter((part) => part !== undefined).join(", ");
  return { way: "console", ...(detail === "" ? {} : { detail }), ...(by === "" ? {} : { by }) };
}

function contextOf(options: ConsoleOptions, asker: Asker, others: Others): ApplyContext {
  const { system, line, patience, leaseWait = LEASE_WAIT, confirmWithin = CONFIRM_WITHIN } = options;
  return { system, asker, others, line, patience, leaseWait, confirmWithin };
}

async function acknowledge(asker: Asker, lines: readonly string[]): Promise<void> {
  await asker.choose({
    title: "The settings that came with this machine cannot be used as they are",
    lines: [
      ...lines,
      "",
      "What is right in them is filled in; the rest is asked for, or marked ! in the review.",
    ],
    choices: [{ value: true, label: "Go on to the questions" }],
  });
}
