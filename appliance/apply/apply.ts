import { PosternError } from "../error.ts";
import { ownNetworks } from "../network/cards.ts";
import * as targets from "../paths.ts";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/settings.ts";
import { groupId } from "../system/accounts.ts";
import { readIfThere, removeFile, writeAtomic } from "../system/files.ts";
import { withLock } from "../system/lock.ts";
import type { System } from "../system/system.ts";
import { activate, type Change, closeProxy } from "./activate.ts";
import { changedFiles, squidChange } from "./changes.ts";
import { checkCards } from "./fit.ts";
import { commit, type Journal, markSwapped, openJournal, readJournal, sweep, undo } from "./journal.ts";
import type { Origin } from "./origin.ts";
import { type RenderedFile, render } from "./render.ts";
import type { Report } from "./steps.ts";
import { validate } from "./validate.ts";

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
 *   `host.busy`.
 */
export function apply(
  system: System,
  { settings, text }: ApplyRequest,
  report: Report,
): Promise<ApplyResult> {
  return withLock(system, async () => {
    const leftOver = await endInterrupted(system);
    await checkCards(system, settings);
    const facts = { vcpus: system.vcpus(), ownNetworks: ownNetworks(system) };
    const files = render(settings, facts, text);
    const differing = await changedFiles(system, files);
    const changed = new Set([...differing.map(({ path }) => path), ...leftOver]);
    if (differing.length > 0) {
      await validate(system, render(settings, facts, text, system.paths.squidStaging), changed);
      report({ title: "Every new file was checked by its own program", state: "ok" });
    }

    // What a cut-off run told Squid is unknown, so it starts afresh.
    const squid = leftOver.length > 0 ? "restart" : await squidChange(system, files, changed);
    const change: Change = { paths: changed, squid };
    const journal = differing.length > 0 ? await swap(system, differing) : undefined;
    try {
      await activate(system, change, settings, report);
    } catch (error) {
      if (journal !== undefined) await goBack(system, journal, change);
      throw error;
    }
    if (journal !== undefined || (await readIfThere(system.paths.confirmed)) !== text) await commit(system);
    return { changed: [...changed] };
  });
}

/**
 * Ends what a run that was cut off left: a half-made swap goes back, a whole one stands.
 * Returns the paths whose programs may not have heard of it.
 */
async function endInterrupted(system: System): Promise<string[]> {
  const journal = await readJournal(system);
  if (journal === undefined) return [];
  const paths = journal.files.map(({ path }) => path);
  if (journal.state === "swapping") await undo(system, journal);
  else await commit(system);
  await sweep(system, paths);
  return paths;
}

async function swap(system: System, files: readonly RenderedFile[]): Promise<Journal> {
  const proxyGroup = await groupId(system.paths, "proxy");
  const journal = await openJournal(
    system,
    files.map(({ path }) => path),
  );
  try {
    for (const { path, content, mode, group } of files) {
      const place = system.paths.at(path);
      if (content === undefined) await removeFile(place);
      else await writeAtomic(place, content, { mode, uid: 0, gid: group === "proxy" ? proxyGroup : 0 });
    }
    await markSwapped(system, journal);
  } catch (error) {
    await undo(system, journal);
    throw new PosternError({
      code: "host.swap",
      message: `The new files could not be written: ${error instanceof Error ? error.message : String(error)}`,
      hint: "The previous files are in their places. Is the disk full? posternctl check",
      cause: error,
    });
  }
  return journal;
}

/** The previous files, and the machine brought back to them as far as it goes. */
async function goBack(system: System, journal: Journal, change: Change): Promise<void> {
  await undo(system, journal);
  const text = await readIfThere(system.paths.confirmed);
  if (text === undefined) await closeProxy(system);
  const silent: Report = () => {};
  try {
    const previous: Change = { ...change, squid: text === undefined ? "none" : change.squid };
    if (text !== undefined)
      return await activate(system, previous, parseSettings(text, targets.SETTINGS), silent);
    await system.run("netplan", ["apply"]);
    await system.run("ufw", ["reload"]);
  } catch {
    // The error that led here says more than this one; the files are right, and a start brings the rest.
  }
}
