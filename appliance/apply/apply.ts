import type { CatalogueInUse } from "../endpoints/installed.ts";
import { messageOf, PosternError } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import { groupId } from "../system/accounts.ts";
import { readIfThere, removeFile, writeAtomic } from "../system/files.ts";
import { withLock } from "../system/lock.ts";
import type { System } from "../system/system.ts";
import { activate } from "./activate.ts";
import { changedFiles, needsConfirmation, squidChange } from "./changes.ts";
import { ACTIVATION, arm } from "./confirm.ts";
import { readFacts } from "./facts.ts";
import { goBack } from "./goback.ts";
import {
  commit,
  type Journal,
  markSwapped,
  markUnconfirmed,
  openJournal,
  readJournal,
  sweep,
  undo,
} from "./journal.ts";
import { type Origin, originText } from "./origin.ts";
import { type RenderedFile, render } from "./render.ts";
import type { Report } from "./steps.ts";
import { validate } from "./validate.ts";
import { stagedPlaces } from "./verdicts.ts";

export interface ApplyRequest {
  settings: Settings;
  /** The settings as their author wrote them. */
  text: string;
  origin: Origin;
  /**
   * Milliseconds that a change of network, firewall or SSH waits for `confirm`; afterwards the previous
   * settings come back. Undefined: it stands at once.
   */
  confirmWithin?: number;
  /** The catalogue to go by from now on; undefined: as until now. */
  catalogue?: CatalogueInUse;
}

export interface ApplyResult {
  /** Paths of the files that changed; none when the machine already was as the settings say. */
  changed: string[];
  /** When the change goes back unless somebody confirms it, in milliseconds since 1970; undefined: it stands. */
  deadline?: number;
}

/**
 * Makes the machine what the settings say: render, let the tools check it, swap every file, bring the running
 * machine to it. Applied twice, nothing happens the second time. When a step fails, the previous files are
 * back before this returns; when the process or the machine dies, `recover` puts it right.
 *
 * @throws PosternError `input.settings` (they do not fit this machine), `host.rendered`, `host.activate`,
 *   `host.busy`, `host.unconfirmed` (another change waits for its confirmation).
 */
export function apply(system: System, request: ApplyRequest, report: Report): Promise<ApplyResult> {
  const { settings, origin } = request;
  return withLock(system, async () => {
    const leftOver = await endInterrupted(system);
    const { files, differing, warnings } = await prepare(system, request);
    for (const warning of warnings) report(warning);
    if (differing.length > 0) report({ title: "Every new file was checked by its own program", state: "ok" });
    const changed = new Set([...differing.map(({ path }) => path), ...leftOver]);

    // What a cut-off run told Squid is unknown, so it starts afresh.
    const squid = leftOver.length > 0 ? "restart" : await squidChange(system, files, changed);
    const wait = await secondsToWait(system, request, differing);
    const deadline = wait === undefined ? undefined : await arm(system, ACTIVATION + wait);
    const journal =
      differing.length > 0 ? await swap(system, differing, { origin, squid }, deadline) : undefined;
    try {
      await activate(system, { paths: changed, squid }, settings, report);
    } catch (error) {
      if (journal !== undefined) await goBack(system, journal);
      throw error;
    }
    if (journal !== undefined && wait !== undefined)
      return { changed: [...changed], deadline: await countDown() };
    if (journal !== undefined) await commit(system, origin);
    return { changed: [...changed] };

    async function countDown(): Promise<number> {
      const seconds = wait ?? 0;
      if (journal !== undefined) await markUnconfirmed(system, journal, await arm(system, seconds));
      return Date.now() + seconds * 1000;
    }
  });
}

type Wanted = Pick<ApplyRequest, "settings" | "text" | "catalogue">;

/** Renders every file, and lets the programs check those that differ from what is there. */
async function prepare(system: System, { settings, text, catalogue }: Wanted) {
  const { facts, warnings } = await readFacts(system, settings, catalogue);
  const files = render(settings, facts, text);
  const isConfirmed = (await readIfThere(system.paths.confirmed)) === text;
  const changed = new Set(await changedFiles(system, files));
  // A file that was edited where it lies is new too, and belongs to what goes back.
  const differing = files.filter((file) => changed.has(file) || (file.path === SETTINGS && !isConfirmed));
  const staged = render(settings, facts, text, stagedPlaces(system.paths));
  if (differing.length > 0) await validate(system, staged, new Set(differing.map(({ path }) => path)));
  return { files, differing, warnings };
}

/**
 * Lets every program check what would be made of the settings, and changes nothing.
 *
 * @returns the paths of the files that would change.
 * @throws PosternError `input.settings`, `host.rendered`.
 */
export function rehearse(system: System, wanted: Wanted): Promise<string[]> {
  return withLock(system, async () => [...(await prepare(system, wanted)).differing.map(({ path }) => path)]);
}

/** How long the change has to wait for a word, in seconds; undefined where it stands at once. */
async function secondsToWait(
  { paths }: System,
  { confirmWithin }: ApplyRequest,
  differing: readonly RenderedFile[],
): Promise<number | undefined> {
  if (confirmWithin === undefined || !needsConfirmation(new Set(differing.map(({ path }) => path))))
    return undefined;
  // The first settings have nothing to go back to, and their author is at the console or nowhere.
  return (await readIfThere(paths.confirmed)) === undefined ? undefined : confirmWithin / 1000;
}

/**
 * Ends what a run that was cut off left: a half-made swap goes back, a whole one stands.
 * Returns the paths whose programs may not have heard of it.
 *
 * @throws PosternError `host.unconfirmed`
 */
async function endInterrupted(system: System): Promise<string[]> {
  const journal = await readJournal(system);
  if (journal === undefined) return [];
  if (journal.state === "unconfirmed") {
    throw new PosternError({
      code: "host.unconfirmed",
      message: `A change by ${originText(journal.origin)} waits for its confirmation.`,
      hint: "posternctl confirm keeps it, posternctl rollback takes it back; then try again.",
    });
  }
  const paths = journal.files.map(({ path }) => path);
  if (journal.state === "swapping") await undo(system, journal);
  else await commit(system, journal.origin);
  await sweep(system, paths);
  return paths;
}

async function swap(
  system: System,
  files: readonly RenderedFile[],
  about: Pick<Journal, "origin" | "squid">,
  deadline: number | undefined,
): Promise<Journal> {
  const proxyGroup = await groupId(system.paths, "proxy");
  const paths = files.map(({ path }) => path);
  const journal = await openJournal(system, paths, about);
  try {
    for (const { path, content, mode, group } of files) {
      const place = system.paths.at(path);
      if (content === undefined) await removeFile(place);
      else await writeAtomic(place, content, { mode, uid: 0, gid: group === "proxy" ? proxyGroup : 0 });
    }
    if (deadline === undefined) await markSwapped(system, journal);
    else await markUnconfirmed(system, journal, deadline);
  } catch (error) {
    await undo(system, journal);
    throw new PosternError({
      code: "host.swap",
      message: `The new files could not be written: ${messageOf(error)}`,
      hint: "The previous files are in their places. Is the disk full? posternctl check",
      cause: error,
    });
  }
  return journal;
}
