import type { Stage } from "./stage.ts";

const STAGE_ID = /^[a-z][a-z0-9-]*$/;

/**
 * The stages so that each comes after those it needs, otherwise in the order given.
 *
 * @throws Error for a stage list that is wrong by itself: that is a bug of ours, not of the caller's.
 */
export function orderStages(stages: readonly Stage[]): Stage[] {
  const byId = new Map<string, Stage>();
  for (const stage of stages) {
    if (!STAGE_ID.test(stage.id)) throw new Error(`stage id ${JSON.stringify(stage.id)} is not a plain name`);
    if (byId.has(stage.id)) throw new Error(`two stages are named ${stage.id}`);
    byId.set(stage.id, stage);
  }
  const ordered: Stage[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (id: string, from: readonly string[]): void => {
    if (state.get(id) === "done") return;
    if (state.get(id) === "open") throw new Error(`stages need each other: ${[...from, id].join(" -> ")}`);
    const stage = byId.get(id);
    if (stage === undefined) throw new Error(`stage ${from.at(-1)} needs ${id}, which is not there`);
    state.set(id, "open");
    for (const need of stage.needs) visit(need, [...from, id]);
    state.set(id, "done");
    ordered.push(stage);
  };
  for (const { id } of stages) visit(id, []);
  return ordered;
}

/** The stages that no other stage needs: what a build is for, where nothing else is said. */
export function lastStages(stages: readonly Stage[]): string[] {
  const needed = new Set(stages.flatMap(({ needs }) => needs));
  return stages.map(({ id }) => id).filter((id) => !needed.has(id));
}
