import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PosternError } from "../error.ts";
import { type BuildRecord, parseRecord } from "../evidence/record.ts";
import type { OtherArchive } from "../host/archive.ts";
import { hasCode } from "../host/faults.ts";
import { removeTree } from "../host/remove.ts";
import { type Cache, foldersOf, makeCache } from "../pipeline/cache/folder.ts";
import type { BuildDescription } from "../pipeline/describe.ts";
import { planStages } from "../pipeline/plan.ts";
import { chooseReporter } from "../pipeline/report/choose.ts";
import type { Reporter } from "../pipeline/report/events.ts";
import { progressFor } from "../pipeline/report/progress.ts";
import { type RunResult, runPlan } from "../pipeline/run.ts";
import { loadRecipe, type RecipeFlags } from "../recipe/load.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { compareBuilds } from "../reproduce/compare.ts";
import { type Condition, conditionsError, conditionsOf, packageChanges } from "../reproduce/conditions.ts";
import { type GivenFiles, rebuildRecipe } from "../reproduce/recipe.ts";
import { type Report, reportText } from "../reproduce/report.ts";
import { parsePackageList } from "../stages/base/packages.ts";
import { checkHost } from "./build.ts";
import type { Call, Command } from "./command.ts";
import { reportFailure } from "./failure.ts";
import { hasFlag, textFlag } from "./flags.ts";
import { CACHE_FLAG, cacheOfCall, JOBS_FLAG, JSON_FLAG, jobsOfCall } from "./options.ts";
import { wantedStages } from "./plan.ts";
import { makeRunFolder } from "./runfolder.ts";

const FILE_FLAGS = ["--recipe", "--settings", "--keyring", "--mirror", "--security-mirror"] as const;

/** Builds again what a record tells of, and compares. */
export const reproduceCommand: Command = {
  flags: [
    ...FILE_FLAGS.map((name) => ({ name, kind: "text" as const })),
    CACHE_FLAG,
    JOBS_FLAG,
    JSON_FLAG,
    { name: "--anyway", kind: "switch" },
    { name: "--keep", kind: "switch" },
    { name: "--debug", kind: "switch" },
  ],
  words: { most: 1, what: "record (a .build.json)" },
  checksFlags: true,
  run: reproduce,
};

async function reproduce(call: Call): Promise<number> {
  const { flags, world } = call;
  const given = await givenFiles(call);
  const path = recordPath(call);
  const record = await readRecord(path);
  const recipe = rebuildRecipe(record, given, path);
  const reporter = chooseReporter(false, world.stdout, world.stderr, world.env.TERM);
  const first = cacheOfCall(call);
  const folder = await makeRunFolder(join(first.root, "reproduce"));
  try {
    const report = await rebuild({ call, path, record, recipe, first, folder, reporter });
    reporter.close();
    world.stdout.write(
      hasFlag(flags, "--json") ? `${JSON.stringify(report, null, 2)}\n` : reportText(report),
    );
    return verdict(report, call);
  } finally {
    reporter.close();
    if (hasFlag(flags, "--keep")) world.stderr.write(`kept: ${folder}\n`);
    else await removeTree(folder);
  }
}

function recordPath({ words, world }: Call): string {
  const [word] = words;
  if (word !== undefined) return resolve(world.cwd, word);
  throw new PosternError({
    code: "input.rebuild",
    message: "no record is named",
    hint: "./postern reproduce dist/NAME.build.json",
  });
}

async function readRecord(path: string): Promise<BuildRecord> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    if (!hasCode(cause, "ENOENT", "EISDIR")) throw cause;
    throw new PosternError({
      code: "input.rebuild",
      message: `there is no record ${path}`,
      hint: "Every build leaves one beside its images: NAME.build.json.",
      cause,
    });
  });
  return parseRecord(text, path);
}

/** Files that a record only names come from flags and from the recipe file; of that nothing else is taken. */
async function givenFiles({ flags, problems, world, signal }: Call): Promise<GivenFiles> {
  const said: RecipeFlags = {};
  for (const name of FILE_FLAGS) {
    const value = textFlag(flags, name);
    if (value !== undefined) said[name] = value;
  }
  const alone = hasFlag(flags, "--security-mirror") && !hasFlag(flags, "--mirror");
  const more = alone ? [{ path: "--security-mirror", expected: "--mirror, too", got: "it alone" }] : [];
  return loadRecipe({
    flags: said,
    problems: [...problems, ...more],
    cwd: world.cwd,
    env: world.env,
    signal,
  });
}

interface Rebuild {
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

async function rebuild({ call, path, record, recipe, first, folder, reporter }: Rebuild): Promise<Report> {
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

/** What another archive may be: named together, as it is asked for. */
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

/** Not thrown: the report is the one document on standard output. */
function verdict({ artifacts }: Report, { world }: Call): number {
  const bad = artifacts.filter(({ same }) => !same);
  if (bad.length === 0) return 0;
  const error = new PosternError({
    code: "artifact.differs",
    message: `${bad.length} of ${artifacts.length} files are not the same: ${bad.map(({ file }) => file).join(", ")}`,
    hint: "The report says what differs and which stage it comes from; docs/reproduce.md.",
  });
  return reportFailure(world, false, error);
}
