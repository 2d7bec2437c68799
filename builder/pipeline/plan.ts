import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../host/faults.ts";
import { type Entry, inspectEntry, readEntry } from "./cache/entry.ts";
import type { Cache } from "./cache/folder.ts";
import { entryFolder } from "./cache/store.ts";
import { stageKey } from "./key.ts";
import { lastStages, orderStages } from "./order.ts";
import type { Stage } from "./stage.ts";

/** What will happen to a stage. */
export type Fate =
  | { kind: "cached"; entry: Entry }
  /** With the reasons, in words. */
  | { kind: "run"; why: readonly string[] }
  /** Not in the cache, and all that would read it is. */
  | { kind: "not needed" };

export interface PlannedStage {
  stage: Stage;
  /** SHA-256, hex. */
  key: string;
  /** Keys of the stages it reads. */
  needs: Readonly<Record<string, string>>;
  fate: Fate;
}

/** The stages in an order in which each can run. */
export interface Plan {
  stages: readonly PlannedStage[];
  /** The stages whose files are wanted in the end. */
  wanted: readonly string[];
}

/**
 * Decides what has to run. Reads the cache, writes nothing.
 *
 * @param wanted ids of the stages whose files are wanted; those that nothing else needs by default.
 */
export async function planStages(
  stages: readonly Stage[],
  cache: Cache,
  wanted: readonly string[] = lastStages(stages),
): Promise<Plan> {
  const ordered = orderStages(stages);
  const keys = new Map<string, string>();
  const planned: PlannedStage[] = [];
  for (const stage of ordered) {
    const needs = Object.fromEntries(stage.needs.map((id) => [id, keys.get(id) ?? ""]));
    const key = stageKey(stage, needs);
    keys.set(stage.id, key);
    planned.push({ stage, key, needs, fate: { kind: "not needed" } });
  }
  const asked = new Set(wanted);
  for (const one of planned.toReversed()) {
    const found = await inspectEntry(entryFolder(cache, one.stage.id, one.key), one.key);
    if (found.kind === "whole") one.fate = { kind: "cached", entry: found.entry };
    else if (asked.has(one.stage.id)) {
      for (const need of one.stage.needs) asked.add(need);
      const why =
        found.kind === "damaged"
          ? [`cache entry damaged: ${found.problem}`]
          : await whyNot(one, await entriesOf(cache, one.stage.id));
      one.fate = { kind: "run", why };
    }
  }
  return { stages: planned, wanted: [...wanted] };
}

/** Why a stage is not in the cache, against what the cache has of it. */
export async function whyNot(one: PlannedStage, known: readonly Entry[]): Promise<string[]> {
  const nearest = known
    .map((entry) => differences(one, entry))
    .reduce<string[] | undefined>(
      (best, next) => (best === undefined || next.length < best.length ? next : best),
      undefined,
    );
  if (nearest === undefined) return ["never built"];
  return nearest.length > 0 ? nearest : ["its files or their layout changed"];
}

/** What a stage has that an entry was not made from, by name. */
function differences({ stage, needs }: PlannedStage, entry: Entry): string[] {
  const names = [...new Set([...Object.keys(stage.inputs), ...Object.keys(entry.inputs)])];
  const inputs = names
    .filter((name) => stage.inputs[name] !== entry.inputs[name])
    .map((name) => {
      if (entry.inputs[name] === undefined) return `${name} is new`;
      return stage.inputs[name] === undefined ? `${name} is gone` : `${name} changed`;
    });
  const stages = Object.keys(needs)
    .filter((id) => needs[id] !== entry.needs[id])
    .map((id) => `needs ${id}`);
  return [...inputs, ...stages];
}

/** The entries of a stage in the cache, newest first: the nearest of equals is the newest. */
async function entriesOf(cache: Cache, id: string): Promise<Entry[]> {
  const found: { entry: Entry; made: number }[] = [];
  for (const name of await readdir(cache.stages).catch(none)) {
    if (!name.startsWith(`${id}-`)) continue;
    const folder = join(cache.stages, name);
    const entry = await readEntry(folder);
    if (entry?.stage !== id) continue;
    found.push({ entry, made: (await stat(folder)).mtimeMs });
  }
  return found.sort((a, b) => b.made - a.made).map(({ entry }) => entry);
}

function none(error: unknown): string[] {
  if (hasCode(error, "ENOENT")) return [];
  throw error;
}
