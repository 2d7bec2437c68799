import { tableText } from "../host/text.ts";
import type { BuildDescription } from "../pipeline/describe.ts";
import { type Plan, type PlannedStage, planStages } from "../pipeline/plan.ts";
import { chooseReporter } from "../pipeline/report/choose.ts";
import { progressFor } from "../pipeline/report/progress.ts";
import type { Call, Command } from "./command.ts";
import { hasFlag } from "./flags.ts";
import { CACHE_FLAG, cacheOfCall, JSON_FLAG, RECIPE_FLAGS, REFRESH_FLAG, recipeOfCall } from "./options.ts";

/** Says what a build would do, and does nothing. */
export const planCommand: Command = {
  flags: [...RECIPE_FLAGS, CACHE_FLAG, JSON_FLAG, REFRESH_FLAG, { name: "--verbose", kind: "switch" }],
  checksFlags: true,
  run: plan,
};

/** Hex digits of a key that a person compares. */
const SHOWN_KEY = 12;
const SHOWN_INPUT = 70;

async function plan(call: Call): Promise<number> {
  const { flags, world, signal } = call;
  const recipe = await recipeOfCall(call);
  const cache = cacheOfCall(call);
  const reporter = chooseReporter(false, world.stdout, world.stderr, world.env.TERM);
  const description = await world
    .describe(recipe, {
      cache: cache.root,
      signal,
      progress: progressFor(reporter, null),
      refresh: hasFlag(flags, "--refresh"),
      touchNothing: true,
    })
    .finally(() => reporter.close());
  const planned = await planStages(description.stages, cache, wantedStages(description));
  const text = hasFlag(flags, "--json")
    ? planJson(planned, description)
    : planText(planned, description, hasFlag(flags, "--verbose"));
  world.stdout.write(text);
  return 0;
}

/** The stages whose files leave the cache. */
export function wantedStages({ artifacts, packages, updates }: BuildDescription): string[] {
  return [...new Set([...artifacts.map(({ stage }) => stage), packages.stage, updates.stage])];
}

export function planText(planned: Plan, description: BuildDescription, verbose: boolean): string {
  const rows = planned.stages.flatMap((one) => {
    const { stage, key, fate } = one;
    const row = [stage.id, key.slice(0, SHOWN_KEY), fate.kind, whyText(one) || stage.title];
    return verbose ? [row, ...inputRows(one)] : [row];
  });
  const note = description.baseNote === undefined ? "" : `${description.baseNote}\n`;
  const names = description.artifacts.map(({ name }) => `  ${name}\n`).join("");
  return `${note}${tableText(rows)}\nmakes\n${names}`;
}

function whyText({ fate }: PlannedStage): string {
  return fate.kind === "run" ? fate.why.join(", ") : "";
}

function inputRows({ stage }: PlannedStage): string[][] {
  return Object.entries(stage.inputs).map(([name, value]) => {
    const shown = value.length > SHOWN_INPUT ? `${value.slice(0, SHOWN_INPUT - 3)}...` : value;
    return ["", "", "", `${name}: ${shown}`];
  });
}

export function planJson(planned: Plan, { base, artifacts, tools }: BuildDescription): string {
  const stages = planned.stages.map(({ stage, key, needs, fate }) => ({
    id: stage.id,
    title: stage.title,
    key,
    fate: fate.kind,
    why: fate.kind === "run" ? fate.why : [],
    needs,
    inputs: stage.inputs,
  }));
  return `${JSON.stringify({ base, stages, artifacts: artifacts.map(({ name }) => name), tools }, null, 2)}\n`;
}
