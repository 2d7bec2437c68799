import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PosternError } from "../error.ts";
import { type BuildRecord, parseRecord } from "../evidence/record.ts";
import { hasCode } from "../host/faults.ts";
import { removeTree } from "../host/remove.ts";
import { chooseReporter } from "../pipeline/report/choose.ts";
import { loadRecipe, type RecipeFlags } from "../recipe/load.ts";
import { type GivenFiles, rebuildRecipe } from "../reproduce/recipe.ts";
import { type Report, reportText } from "../reproduce/report.ts";
import type { Call, Command } from "./command.ts";
import { reportFailure } from "./failure.ts";
import { hasFlag, textFlag } from "./flags.ts";
import { CACHE_FLAG, cacheOfCall, JOBS_FLAG, JSON_FLAG } from "./options.ts";
import { rebuild } from "./rebuild.ts";
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
