import { PosternError } from "../error.ts";
import { prepareOut } from "../evidence/publish.ts";
import type { SignKey } from "../evidence/signing/key.ts";
import { BUILD_VM_MEMORY, hostFacts, lackError } from "../host/lacks.ts";
import { removeTree } from "../host/remove.ts";
import { projectSource } from "../host/source.ts";
import { bytesText, secondsText, tableText } from "../host/text.ts";
import { type Cache, makeCache } from "../pipeline/cache/folder.ts";
import { markRunning, readLastBuild } from "../pipeline/cache/last-build.ts";
import { sweep } from "../pipeline/cache/sweep.ts";
import type { BuildDescription } from "../pipeline/describe.ts";
import { entryName } from "../pipeline/key.ts";
import { type Plan, planStages } from "../pipeline/plan.ts";
import { chooseReporter } from "../pipeline/report/choose.ts";
import type { Reporter } from "../pipeline/report/events.ts";
import { progressFor, secondsSince } from "../pipeline/report/progress.ts";
import { type RunResult, runPlan } from "../pipeline/run.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Call, Command } from "./command.ts";
import { deliverBuild, staleArtifacts } from "./deliver.ts";
import { reportFailure } from "./failure.ts";
import { hasFlag } from "./flags.ts";
import {
  CACHE_FLAG,
  cacheOfCall,
  JOBS_FLAG,
  JSON_FLAG,
  jobsOfCall,
  OUT_FLAG,
  outOfCall,
  RECIPE_FLAGS,
  REFRESH_FLAG,
  recipeOfCall,
  SIGN_KEY_FLAG,
  signKeyOfCall,
} from "./options.ts";
import { checkPending } from "./pending.ts";
import { wantedStages } from "./plan.ts";

/** Makes the images. */
export const buildCommand: Command = {
  flags: [
    ...RECIPE_FLAGS,
    OUT_FLAG,
    CACHE_FLAG,
    JOBS_FLAG,
    JSON_FLAG,
    REFRESH_FLAG,
    { name: "--allow-pending", kind: "switch" },
    SIGN_KEY_FLAG,
    { name: "--keep-going", kind: "switch" },
    { name: "--debug", kind: "switch" },
  ],
  checksFlags: true,
  run: build,
};

async function build(call: Call): Promise<number> {
  const { world } = call;
  const recipe = await recipeOfCall(call);
  const json = hasFlag(call.flags, "--json");
  const reporter = chooseReporter(json, world.stdout, world.stderr, world.env.TERM);
  try {
    return await buildWith(call, recipe, reporter);
  } finally {
    reporter.close();
  }
}

async function buildWith(call: Call, recipe: Recipe, reporter: Reporter): Promise<number> {
  const { flags, signal, world } = call;
  const start = performance.now();
  const cache = cacheOfCall(call);
  const out = outOfCall(call);
  await prepareOut(out);
  await makeCache(cache);
  const checkRoom = await checkHost(recipe, cache, out, signal);
  const signKey = await signKeyOfCall(call, recipe.sign.sshKey);
  const source = await projectSource(signal);
  const swept = await sweep(cache);
  const progress = progressFor(reporter, null);
  if (swept > 0) progress.note(`removed what ${swept} stage(s) of a build that was killed had left`);
  const description = await world.describe(recipe, {
    cache: cache.root,
    signal,
    progress,
    refresh: hasFlag(flags, "--refresh"),
    touchNothing: false,
  });
  const plan = await planStages(description.stages, cache, wantedStages(description));
  announce(plan, description, recipe, reporter);
  if (plan.stages.some(({ fate }) => fate.kind === "run")) checkRoom();
  const mark = await markRunning(cache, entryNames(plan));
  try {
    const last = await readLastBuild(cache);
    const stale = await staleArtifacts(plan, description, out, last);
    const result = await runPlan(plan, {
      cache,
      jobs: jobsOfCall(call),
      keepGoing: hasFlag(flags, "--keep-going"),
      debug: hasFlag(flags, "--debug"),
      signal,
      reporter,
      read: stale.map(({ stage }) => stage),
    });
    const pending = await checkPending(description, result, {
      allowed: hasFlag(flags, "--allow-pending"),
      reporter,
    }).catch((error: unknown) => {
      // A stage may have failed before; that must not go by unsaid.
      reportFailures(call, result);
      throw error;
    });
    const made = await deliverBuild({
      recipe,
      description,
      plan,
      result,
      cache,
      out,
      last,
      pending,
      source,
      ...(signKey === undefined ? {} : { signKey }),
      canAsk: world.canAsk,
      signal,
      reporter,
    });
    const seconds = secondsSince(start);
    reporter.close();
    const exitCode = reportFailures(call, result);
    reporter.emit({ event: "end", ok: exitCode === 0, seconds });
    if (!hasFlag(flags, "--json") && made.length > 0)
      world.stdout.write(summary(made, out, seconds, signKey));
    return exitCode;
  } finally {
    await removeTree(mark);
  }
}

/**
 * Checks the host and throws for everything it lacks at once.
 *
 * @returns what to call when stages really have to run: a build that only copies needs no room for them.
 */
export async function checkHost(
  { vm, epoch }: Recipe,
  cache: Cache,
  out: string,
  signal: AbortSignal,
): Promise<() => void> {
  const facts = await hostFacts({
    when: ["build"],
    cache: cache.root,
    out,
    vmMemory: Math.min(vm.memory, BUILD_VM_MEMORY),
    signal,
  });
  requireClock(epoch);
  const error = lackError(facts);
  if (error !== undefined && facts.some(({ problem, room }) => problem !== undefined && room !== true))
    throw error;
  return () => {
    if (error !== undefined) throw error;
  };
}

/** Times after the epoch become the epoch; before it they would stay, and tell when the image was made. */
function requireClock(epoch: number): void {
  if (epoch * 1000 <= Date.now()) return;
  throw new PosternError({
    code: "host.clock",
    message: `the images' time, ${new Date(epoch * 1000).toISOString()}, is after this host's clock`,
    hint: "Set the clock, or an earlier epoch in the recipe (or SOURCE_DATE_EPOCH).",
  });
}

function entryNames({ stages }: Plan): string[] {
  return stages.map(({ stage, key }) => entryName(stage.id, key));
}

/** The plan in short: what runs, and why. */
function announce(
  { stages }: Plan,
  { base, baseNote }: BuildDescription,
  { version }: Recipe,
  reporter: Reporter,
): void {
  const note = (text: string): void => reporter.emit({ event: "note", stage: null, text });
  if (baseNote !== undefined) note(baseNote);
  const toRun = stages.filter(({ fate }) => fate.kind === "run");
  reporter.emit({ event: "start", base, version, stages: stages.length, toRun: toRun.length });
  for (const { stage, fate } of toRun) {
    if (fate.kind === "run") note(`  ${stage.id}: ${fate.why.join(", ")}`);
  }
}

function reportFailures({ world, flags }: Call, { failures, notRun }: RunResult): number {
  const json = hasFlag(flags, "--json");
  const [first] = failures.map(({ stage, error }) => reportFailure(world, json, error, stage));
  if (first === undefined) return 0;
  if (notRun.length > 0) world.stderr.write(`not run because of that: ${notRun.join(", ")}\n`);
  return first;
}

function summary(
  made: readonly { file: string; size: number; sha256: string }[],
  out: string,
  seconds: number,
  signKey: SignKey | undefined,
): string {
  const rows = made.map(({ file, size, sha256 }) => [file, bytesText(size), sha256]);
  const signed = signKey === undefined ? "" : `, signed by ${signKey.type} ${signKey.fingerprint}`;
  return `${tableText(rows)}in ${out}, ${secondsText(seconds)}${signed}\n`;
}
