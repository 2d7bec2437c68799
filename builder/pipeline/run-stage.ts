import { join } from "node:path";
import type { Holder } from "../host/holder.ts";
import { inspectEntry } from "./cache/entry.ts";
import type { Cache } from "./cache/folder.ts";
import { takeLock } from "./cache/lock.ts";
import { entryFolder, type Making, setAside, startEntry } from "./cache/store.ts";
import { entryName } from "./key.ts";
import type { PlannedStage } from "./plan.ts";
import type { Reporter } from "./report/events.ts";
import { progressFor, secondsSince } from "./report/progress.ts";
import type { StoredEntry } from "./run.ts";

export interface StageRunOptions {
  cache: Cache;
  jobs: number;
  debug: boolean;
  signal: AbortSignal;
  reporter: Reporter;
  /** Waits for a free slot. */
  inSlot<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Makes the entry of a stage, or finds that another build made it while we waited for its lock.
 *
 * @param inputs the entries of the stages it needs, by id.
 * @throws whatever the stage throws, after nothing is left of it.
 */
export async function makeEntry(
  planned: PlannedStage,
  inputs: ReadonlyMap<string, StoredEntry>,
  options: StageRunOptions,
): Promise<StoredEntry> {
  const { stage, key } = planned;
  const { cache, reporter, signal } = options;
  const folder = entryFolder(cache, stage.id, key);
  const lock = await takeLock(join(cache.locks, `${entryName(stage.id, key)}.lock`), {
    signal,
    onWait: (holder) => reporter.emit({ event: "waiting", stage: stage.id, holder: holderText(holder) }),
  });
  try {
    const found = await inspectEntry(folder, key);
    if (found.kind === "whole") {
      const { seconds } = found.entry;
      reporter.emit({ event: "stage-end", stage: stage.id, outcome: "cached", seconds });
      return { folder, entry: found.entry, fresh: false };
    }
    if (found.kind === "damaged") {
      reporter.emit({ event: "damaged", stage: stage.id, problem: found.problem });
      await setAside(cache, stage.id, key);
    }
    return await options.inSlot(() => runStage(planned, inputs, folder, options));
  } finally {
    await lock.release();
  }
}

async function runStage(
  planned: PlannedStage,
  inputs: ReadonlyMap<string, StoredEntry>,
  folder: string,
  options: StageRunOptions,
): Promise<StoredEntry> {
  const { stage, key, needs } = planned;
  const { reporter, signal, jobs, debug } = options;
  signal.throwIfAborted();
  const start = performance.now();
  const end = (outcome: "built" | "failed"): void =>
    reporter.emit({ event: "stage-end", stage: stage.id, outcome, seconds: secondsSince(start) });
  reporter.emit({ event: "stage-start", stage: stage.id, title: stage.title });
  const making = await startEntry(options.cache, stage, key);
  try {
    await stage.run({
      out: making.out,
      work: making.work,
      input: (id, file) => inputFile(stage.id, inputs, id, file),
      progress: progressFor(reporter, stage.id),
      signal,
      jobs,
      debug,
    });
    signal.throwIfAborted();
    const entry = await making.commit({ inputs: stage.inputs, needs, seconds: secondsSince(start) }, signal);
    end("built");
    await making.discard();
    return { folder, entry, fresh: true };
  } catch (error) {
    if (!signal.aborted) end("failed");
    await clearAway(making, stage.id, options);
    throw error;
  }
}

/** `--debug` keeps what a failed stage left; an interrupted one leaves nothing. */
async function clearAway(making: Making, stage: string, { debug, signal, reporter }: StageRunOptions) {
  if (!debug || signal.aborted) return making.discard();
  reporter.emit({ event: "kept", stage, folder: await making.keep() });
}

function inputFile(
  stage: string,
  inputs: ReadonlyMap<string, StoredEntry>,
  id: string,
  file: string,
): string {
  const input = inputs.get(id);
  if (input === undefined) throw new Error(`stage ${stage} reads ${id} without needing it`);
  if (!input.entry.files.some(({ name }) => name === file))
    throw new Error(`stage ${stage} reads ${file}, which ${id} did not leave`);
  return join(input.folder, file);
}

function holderText({ pid, host, command }: Holder): string {
  return `process ${pid} on ${host} (${command})`;
}
