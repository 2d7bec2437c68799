import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildRecord } from "../evidence/record.ts";
import type { OtherArchive } from "../host/archive.ts";
import { type Cache, foldersOf, makeCache } from "../pipeline/cache/folder.ts";
import type { BuildDescription } from "../pipeline/describe.ts";
import { planStages } from "../pipeline/plan.ts";
import type { Reporter } from "../pipeline/report/events.ts";
import { progressFor } from "../pipeline/report/progress.ts";
import { type RunResult, runPlan } from "../pipeline/run.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { compareBuilds } from "../reproduce/compare.ts";
import { type Condition, conditionsError, conditionsOf, packageChanges } from "../reproduce/conditions.ts";
import type { Report } from "../reproduce/report.ts";
import { parsePackageList } from "../stages/base/packages.ts";
import { checkHost } from "./build.ts";
import type { Call } from "./command.ts";
import { hasFlag, textFlag } from "./flags.ts";
import { jobsOfCall } from "./options.ts";
import { wantedStages } from "./plan.ts";

export interface Rebuild {
  call: Call;
  path: string;
  record: BuildRecord;
  recipe: Recipe;
  /** Cache of the first build. */
  first: Cache;
  /** Where all of this happens. */
  folder: string;
  reporter: Reporter;
}

/**
 * Builds a record's recipe with nothing cached and compares what comes out.
 *
 * @throws PosternError when this would be another build (unless `--anyway`), or when a stage fails.
 */
export async function rebuild({
  call,
  path,
  record,
  recipe,
  first,
  folder,
  reporter,
}: Rebuild): Promise<Report> {
  const { world, signal, flags } = call;
  const cache = foldersOf(join(folder, "cache"));
  await makeCache(cache);
  const checkRoom = await checkHost(recipe, cache, folder, signal);
  const from = otherArchive(call);
  const progress = progressFor(reporter, null);
  const description = await world.describe(recipe, {
    cache: cache.root,
    signal,
    progress,
    refresh: true,
    touchNothing: false,
    ...(from === undefined ? {} : { from }),
  });
  const conditions = conditionsOf(record, description);
  tellConditions(conditions, hasFlag(flags, "--anyway"), reporter);
  checkRoom();
  const result = await buildCold(call, description, cache, reporter);
  const { stages, artifacts } = await compareBuilds({
    ...{ record, recordPath: path, cache: first, entries: result.entries, artifacts: description.artifacts },
    ...{ work: join(folder, "work"), signal, progress },
  });
  return {
    conditions: conditions.map(({ text }) => text),
    packages: packageChanges(record.packages, await installedIn(result, description)),
    stages,
    artifacts,
  };
}

function otherArchive({ flags }: Call): OtherArchive | undefined {
  const mirror = textFlag(flags, "--mirror");
  const securityMirror = textFlag(flags, "--security-mirror");
  if (mirror === undefined) return undefined;
  return { mirror, ...(securityMirror === undefined ? {} : { securityMirror }) };
}

/** Tells all that is not as it was, before anything is built. @throws PosternError unless it may go on. */
function tellConditions(conditions: readonly Condition[], anyway: boolean, reporter: Reporter): void {
  const error = conditionsError(conditions);
  if (error === undefined) return;
  if (!anyway) throw error;
  for (const { text } of conditions)
    reporter.emit({ event: "note", stage: null, text: `not the same: ${text}` });
}

async function buildCold(
  call: Call,
  description: BuildDescription,
  cache: Cache,
  reporter: Reporter,
): Promise<RunResult> {
  const { signal, flags } = call;
  const plan = await planStages(description.stages, cache, wantedStages(description));
  const result = await runPlan(plan, {
    cache,
    jobs: jobsOfCall(call),
    keepGoing: false,
    debug: hasFlag(flags, "--debug"),
    signal,
    reporter,
    read: [],
  });
  const [failure] = result.failures;
  if (failure !== undefined) throw failure.error;
  return result;
}

async function installedIn({ entries }: RunResult, { packages }: BuildDescription) {
  const list = entries.get(packages.stage);
  return list === undefined ? [] : parsePackageList(await readFile(join(list.folder, packages.file), "utf8"));
}
