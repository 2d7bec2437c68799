import { uptime } from "node:os";
import { PosternError } from "../error.ts";
import { withLock } from "../system/lock.ts";
import type { System } from "../system/system.ts";
import { goBack } from "./goback.ts";
import { commit, type Journal, type Outcome, readJournal } from "./journal.ts";
import type { Origin } from "./origin.ts";

/** A change that is in force and goes back unless it is confirmed. */
export interface Pending {
  /** Milliseconds since 1970. */
  deadline: number;
  origin: Origin;
}

/** Seconds that a change may take until the countdown begins; then it goes back even if its process has died. */
export const ACTIVATION = 300;

/** Longer than activating takes, in milliseconds: who goes back waits for the one who is at work. */
const PATIENCE = 600_000;

/** The change that waits for a word, or undefined. */
export async function pending(system: System): Promise<Pending | undefined> {
  const journal = await readJournal(system).catch(() => undefined);
  if (journal?.state !== "unconfirmed") return undefined;
  return { deadline: Date.now() + remaining(journal) * 1000, origin: journal.origin };
}

/** Keeps a change that waits. @returns false when none does: it was kept or has gone back before. */
export function confirm(system: System): Promise<boolean> {
  return withLock(
    system,
    async () => {
      const journal = await readJournal(system);
      if (journal?.state !== "unconfirmed") return false;
      await commit(system, journal.origin);
      return true;
    },
    PATIENCE,
  );
}

/** Brings the previous settings back at once where a change waits. */
export function revert(system: System): Promise<Outcome> {
  return goBackIf(system, () => true);
}

/** The same when nobody said a word in time; the timer's call. */
export function revertExpired(system: System): Promise<Outcome> {
  // The timer may come a moment early.
  return goBackIf(system, (journal) => remaining(journal) < 1);
}

/**
 * Has systemd call `revertExpired` in so many seconds, whatever becomes of this process. Timers that are no
 * longer needed find nothing to do.
 *
 * @returns the deadline in seconds since the machine started.
 * @throws PosternError `host.timer`
 */
export async function arm(system: System, seconds: number): Promise<number> {
  const deadline = uptime() + seconds;
  const unit = `postern-revert-${process.pid}-${Math.round(deadline * 1000)}`;
  const timer = ["--timer-property=AccuracySec=100ms", `--on-active=${seconds.toFixed(1)}s`];
  const words = ["--quiet", "--collect", `--unit=${unit}`, ...timer];
  const ran = await system.run("systemd-run", [...words, "/usr/sbin/posternctl", "recover", "--expired"]);
  if (ran.code === 0) return deadline;
  throw new PosternError({
    code: "host.timer",
    message: `The timer that would take the change back cannot be set: ${ran.stderr.trim()}`,
    hint: "Nothing was changed. posternctl check shows the state of this machine.",
  });
}

function goBackIf(system: System, isDue: (journal: Journal) => boolean): Promise<Outcome> {
  return withLock(
    system,
    async () => {
      const journal = await readJournal(system);
      if (journal?.state !== "unconfirmed" || !isDue(journal)) return "nothing";
      await goBack(system, journal);
      return "undone";
    },
    PATIENCE,
  );
}

/** Seconds until the deadline. */
function remaining({ deadline = 0 }: Journal): number {
  return deadline - uptime();
}
