import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { check, type Problem, problemsError } from "../../appliance/settings/problem.ts";
import { messageOf } from "../error.ts";
import { hasCode } from "../host/faults.ts";
import { recipeOf } from "./defaults.ts";
import { defaultEpoch } from "./epoch.ts";
import { didYouMean } from "./nearest.ts";
import type { Recipe } from "./recipe.ts";
import { FIELD_NAMES, type RecipeFile, recipeFlagSchema, recipeSchema } from "./schema.ts";
import { readYaml } from "./yaml.ts";

export const DEFAULT_RECIPE = "postern.yaml";

/** What came on the command line, by flag; undefined where it was not given. */
export interface RecipeFlags {
  "--recipe"?: string;
  "--base"?: string;
  "--mirror"?: string;
  /** Only where a build is repeated; it is no part of a recipe. */
  "--security-mirror"?: string;
  "--keyring"?: string;
  "--formats"?: readonly string[];
  "--settings"?: string;
  "--sign-key"?: string;
}

export interface RecipeSource {
  flags: RecipeFlags;
  /** Problems of the command line that are known already; they are reported with the rest. */
  problems: readonly Problem[];
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

const HINT = "docs/recipe.md has every field; ./postern build --help has every flag.";

/**
 * The recipe: the file (`--recipe`, else `postern.yaml` where it exists), flags over it, defaults under it.
 *
 * @throws PosternError `input.recipe` with every problem of the file and the command line at once.
 */
export async function loadRecipe(source: RecipeSource): Promise<Recipe> {
  const { flags, cwd, env, signal } = source;
  const file = await readRecipeFile(flags["--recipe"], cwd);
  const flagProblems = [...source.problems, ...check(recipeFlagSchema, flags).problems];
  const written = withFlags(file.value, flags);
  const lost = await missingFiles(file.value, flags, file.folder, cwd);
  const problems = [
    ...flagProblems,
    ...lost.filter(({ path }) => path.startsWith("--")),
    ...[...file.problems, ...lost.filter(({ path }) => !path.startsWith("--"))].map((problem) => ({
      ...problem,
      path: `${file.name}: ${problem.path}`,
    })),
  ];
  if (problems.length > 0) throw problemsError("input.recipe", "the recipe", problems.map(masked), HINT);
  const epoch = written.epoch ?? (await defaultEpoch(env, signal));
  return recipeOf(written, {
    epoch,
    // A path is where its writer stood: in the file beside the file, on the command line in the shell's folder.
    fromFlags: (path) => resolve(cwd, path),
    fromFile: (path) => resolve(file.folder, path),
    flags,
  });
}

interface ReadRecipe {
  value: RecipeFile;
  problems: Problem[];
  /** As the person named it. */
  name: string;
  /** Its paths are relative to this. */
  folder: string;
}

async function readRecipeFile(named: string | undefined, cwd: string): Promise<ReadRecipe> {
  const name = named ?? DEFAULT_RECIPE;
  const path = resolve(cwd, name);
  const none = { value: {}, name, folder: dirname(path) };
  try {
    const { value, problems } = readYaml(await readFile(path));
    if (problems.length > 0) return { ...none, problems };
    // An empty file is a recipe with nothing but defaults.
    const checked = check(recipeSchema, value ?? {});
    return { ...none, value: checked.value ?? {}, problems: checked.problems.map(meant) };
  } catch (error) {
    if (named === undefined && hasCode(error, "ENOENT")) return { ...none, problems: [] };
    return {
      ...none,
      problems: [{ path: "(document)", expected: "a recipe file", got: messageOf(error) }],
    };
  }
}

/** A refused address may hold a password, and errors end up in logs. */
function masked(problem: Problem): Problem {
  return { ...problem, got: problem.got.replace(/\/\/[^/\s]*@/, "//(hidden)@") };
}

/** Adds the field that was likely meant to an unknown one. */
function meant(problem: Problem): Problem {
  if (problem.expected !== "no such field") return problem;
  const dot = problem.path.lastIndexOf(".");
  const known = FIELD_NAMES[problem.path.slice(0, Math.max(0, dot))] ?? [];
  const near = didYouMean(problem.path.slice(dot + 1), known);
  return { ...problem, expected: `one of the fields ${known.join(", ")}${near}` };
}

function withFlags(file: RecipeFile, flags: RecipeFlags): RecipeFile {
  const over: RecipeFile = {};
  if (flags["--base"] !== undefined) over.base = flags["--base"];
  if (flags["--mirror"] !== undefined) over.mirror = flags["--mirror"];
  if (flags["--keyring"] !== undefined) over.keyring = flags["--keyring"];
  if (flags["--formats"] !== undefined) over.formats = flags["--formats"];
  if (flags["--settings"] !== undefined) over.settings = flags["--settings"];
  return { ...file, ...over };
}

/** Everything that a recipe names must be there before anything is built. */
async function missingFiles(
  file: RecipeFile,
  flags: RecipeFlags,
  folder: string,
  cwd: string,
): Promise<Problem[]> {
  const named: [path: string, kind: "file" | "folder", value: string | undefined, from: string][] = [
    ["--keyring", "file", flags["--keyring"], cwd],
    ["--settings", "file", flags["--settings"], cwd],
    ["keyring", "file", flags["--keyring"] === undefined ? file.keyring : undefined, folder],
    ["settings", "file", flags["--settings"] === undefined ? file.settings : undefined, folder],
    ["ova.eula", "file", file.ova?.eula, folder],
    ["--sign-key", "file", flags["--sign-key"], cwd],
    ["sign.sshKey", "file", flags["--sign-key"] === undefined ? file.sign?.sshKey : undefined, folder],
    ["sign.key", "file", file.sign?.key, folder],
    ["sign.certificate", "file", file.sign?.certificate, folder],
    ...(file.overlays ?? []).map((value, index): (typeof named)[number] => [
      `overlays[${index}]`,
      "folder",
      value,
      folder,
    ]),
  ];
  const problems = await Promise.all(
    named.map(async ([path, kind, value, from]): Promise<Problem[]> => {
      if (value === undefined || value === "") return [];
      const found = await stat(resolve(from, value)).catch(() => undefined);
      if (kind === "file" ? found?.isFile() : found?.isDirectory()) return [];
      return [{ path, expected: `a ${kind} that exists`, got: JSON.stringify(value) }];
    }),
  );
  return problems.flat();
}
