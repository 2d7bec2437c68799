import * as targets from "../paths.ts";
import { parseSettings } from "../settings/parse.ts";
import { readIfThere } from "../system/files.ts";
import { withLock } from "../system/lock.ts";
import type { System } from "../system/system.ts";
import { activateForBoot, closeProxy, rereadAtBoot } from "./activate.ts";
import { commit, type Outcome, readJournal, sweep, undo } from "./journal.ts";

/**
 * Ends a change that was cut off by a kill or a power cut: a half-made swap goes back, a whole one goes
 * forward, and one that nobody confirmed goes back. Runs at boot before the network, so that what starts afterwards reads whole files.
 *
 * @throws PosternError `host.journal` when the journal cannot be used.
 */
export function recover(system: System): Promise<Outcome> {
  return withLock(system, async () => {
    const journal = await readJournal(system);
    if (journal === undefined) return "nothing";
    const paths = journal.files.map(({ path }) => path);
    const text = await readIfThere(system.paths.settings);
    if (journal.state !== "swapped" || text === undefined) {
      await undo(system, journal);
      await sweep(system, paths);
      await rereadAtBoot(system, paths);
      const confirmed = await readIfThere(system.paths.confirmed);
      if (confirmed === undefined) await closeProxy(system);
      else await activateForBoot(system, parseSettings(confirmed, targets.SETTINGS));
      return "undone";
    }
    await rereadAtBoot(system, paths);
    await activateForBoot(system, parseSettings(text, targets.SETTINGS));
    await commit(system, journal.origin);
    await sweep(system, paths);
    return "finished";
  });
}
