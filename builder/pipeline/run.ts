import { type Entry, findDamage, inspectEntry } from "./cache/entry.ts";
import type { Cache } from "./cache/folder.ts";
import { entryFolder, setAside } from "./cache/store.ts";
import type { Plan, PlannedStage } from "./plan.ts";
import type { Reporter } from "./report/events.ts";
import { makeEntry } from "./run-stage.ts";
import { slots } from "./slots.ts";

/** An entry of the cache that can be read. */
export interface StoredEntry {
  folder: string;
  entry: Entry;
  /** Made by this run, so its bytes need no check. */
  fresh: boolean;
}

export interface RunPlanOptions {
  cache: Cache;
  /** Stages at once, and threads of each. */
  jobs: number;
  /** After a failure finish what does not depend on it. */
  keepGoing: boolean;
  debug: boolean;
  signal: AbortSignal;
  reporter: Reporter;
  /** Wanted stages whose files will be read when the run is over: their bytes are checked too. */
  read: readonly string[];
}

export interface Failure {
  stage: string;
  error: unknown;
}

export interface RunResult {
  /** Of each stage that was made or read. */
  entries: ReadonlyMap<string, StoredEntry>;
  failures: readonly Failure[];
  /** Stages that did not run because one they need failed, or because another failed first. */
  notRun: readonly string[];
}

/** Thrown inside for a stage whose needs are not there; never leaves this file. */
class NotRun extends Error {}

/**
 * Makes what a plan wants: each stage after those it needs, independent ones side by side. A cached stage
 * that a running one reads is checked byte by byte first, and made again if it is damaged.
 *
 * @throws the signal's reason when it is aborted; failures of stages are returned.
 */
export async function runPlan(plan: Plan, options: RunPlanOptions): Promise<RunResult> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const inSlot = slots(options.jobs);
  const byId = new Map(plan.stages.map((one) => [one.stage.id, one]));
  const made = new Map<string, Promise<StoredEntry>>();
  const readable = new Map<string, Promise<StoredEntry>>();
  const entries = new Map<string, StoredEntry>();
  const failures: Failure[] = [];
  const notRun = new Set<string>();

  const fail = (id: string, error: unknown): never => {
    if (error instanceof NotRun || failures.some((known) => known.error === error)) throw error;
    if (signal.aborted) throw new NotRun();
    failures.push({ stage: id, error });
    if (!options.keepGoing) stop.abort(new NotRun());
    throw error;
  };

  const remember = (
    memo: Map<string, Promise<StoredEntry>>,
    id: string,
    work: (one: PlannedStage) => Promise<StoredEntry>,
  ): Promise<StoredEntry> => {
    const known = memo.get(id);
    if (known !== undefined) return known;
    const one = byId.get(id);
    if (one === undefined) throw new Error(`no stage ${id} in the plan`);
    const promise = work(one).then(
      (stored) => {
        entries.set(id, stored);
        return stored;
      },
      (error: unknown) => fail(id, error),
    );
    memo.set(id, promise);
    return promise;
  };

  const make = async (one: PlannedStage): Promise<StoredEntry> => {
    const { id, needs } = one.stage;
    try {
      const inputs = await Promise.allSettled(needs.map(toRead));
      const ready = inputs.flatMap((input) => (input.status === "fulfilled" ? [input.value] : []));
      if (ready.length < needs.length || signal.aborted) throw new NotRun();
      const found = new Map(ready.map((stored) => [stored.entry.stage, stored]));
      return await makeEntry(one, found, { ...options, signal, inSlot });
    } catch (error) {
      if (!(error instanceof NotRun) && !signal.aborted) throw error;
      notRun.add(id);
      options.reporter.emit({ event: "stage-end", stage: id, outcome: "not run", seconds: 0 });
      throw new NotRun();
    }
  };

  const obtain = (id: string): Promise<StoredEntry> =>
    remember(made, id, async (one) => {
      const folder = entryFolder(options.cache, id, one.key);
      const state = await inspectEntry(folder, one.key);
      if (state.kind !== "whole") return make(one);
      const { entry } = state;
      options.reporter.emit({ event: "stage-end", stage: id, outcome: "cached", seconds: entry.seconds });
      return { folder, entry, fresh: false };
    });

  const toRead = (id: string): Promise<StoredEntry> =>
    remember(readable, id, async (one) => {
      const stored = await obtain(id);
      if (stored.fresh) return stored;
      const problem = await findDamage(stored.folder, stored.entry, signal);
      if (problem === undefined) return stored;
      options.reporter.emit({ event: "damaged", stage: id, problem });
      await setAside(options.cache, id, one.key);
      return make(one);
    });

  const read = new Set(options.read);
  await Promise.allSettled(plan.wanted.map((id) => (read.has(id) ? toRead(id) : obtain(id))));
  options.signal.throwIfAborted();
  return { entries, failures, notRun: [...notRun] };
}
