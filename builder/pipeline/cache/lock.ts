import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "../../host/faults.ts";
import { type Holder, holderOfThisProcess, lifeOf, parseHolder } from "../../host/holder.ts";

/** A lock that is held. */
export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  signal: AbortSignal;
  /** Told once for each holder that is waited for. */
  onWait(holder: Holder): void;
}

const POLL_MS = 500;
/** How often a holder shows that it lives, and for how long one that cannot be seen from here may be silent. */
const BEAT_MS = 10_000;
const SILENT_MS = 60_000;

/**
 * Takes a lock, waiting for its holder. The lock is a file that appears whole by link(2), which fails where
 * it is already there.
 *
 * It saves work and is not what keeps a cache right: entries appear by rename, so two builds that make the
 * same entry only waste time.
 */
export async function takeLock(path: string, options: LockOptions): Promise<Lock> {
  const me = holderOfThisProcess();
  let told: string | undefined;
  let watched = { token: "", beat: 0, since: 0 };
  for (;;) {
    options.signal.throwIfAborted();
    const holder = await tryLock(
      path,
      me,
      watched.since > 0 && performance.now() - watched.since > SILENT_MS,
    );
    if (holder === undefined) return held(path, me);
    if (holder.token !== told) options.onWait(holder);
    told = holder.token;
    const beat = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (watched.token !== holder.token || watched.beat !== beat)
      watched = { token: holder.token, beat, since: performance.now() };
    await sleep(POLL_MS, undefined, { signal: options.signal });
  }
}

function held(path: string, me: Holder): Lock {
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      const holder = await readHolder(path);
      if (holder?.token === me.token) await rm(path, { force: true });
    },
  };
}

/**
 * @param silent the holder, which cannot be seen from here, showed no life for too long.
 * @returns undefined when the lock is ours now, else who holds it.
 */
async function tryLock(path: string, me: Holder, silent: boolean): Promise<Holder | undefined> {
  for (;;) {
    if (await appear(path, me)) return undefined;
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    const life = await lifeOf(holder);
    if (life === "alive" || (life === "elsewhere" && !silent)) return holder;
    const other = await takeOver(path, holder, me);
    if (other !== "gone") return other;
  }
}

/**
 * Takes over the lock of a dead holder. Many may find it dead at once, and the slowest must not push away
 * the lock of the fastest: so each dead holding has a guard of its own, a lock too, and only who has it
 * may replace the file, if it still is that holding.
 */
async function takeOver(path: string, dead: Holder, me: Holder): Promise<Holder | undefined | "gone"> {
  const guard = `${path}.${dead.token}`;
  const other = await tryLock(guard, me, false);
  if (other !== undefined) return other;
  try {
    const now = await readHolder(path);
    if (now?.token !== dead.token) return "gone";
    await rename(await whole(path, me), path);
    return undefined;
  } finally {
    await rm(guard, { force: true });
  }
}

async function appear(path: string, me: Holder): Promise<boolean> {
  const file = await whole(path, me);
  try {
    await link(file, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}

async function whole(path: string, me: Holder): Promise<string> {
  const file = `${path}.new-${me.token}`;
  await writeFile(file, JSON.stringify(me), { mode: 0o600 });
  return file;
}

/** A lock that cannot be read as one is nobody's, so it is taken away. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const holder = parseHolder(await readFile(path, "utf8"));
    if (holder === undefined) await rm(path, { force: true });
    return holder;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
