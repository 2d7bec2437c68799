import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { readSignKey, type SignKey } from "../evidence/signing/key.ts";
import { type Cache, cacheFolder } from "../pipeline/cache/folder.ts";
import { loadRecipe, type RecipeFlags } from "../recipe/load.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Call } from "./command.ts";
import { type FlagSpec, hasFlag, listFlag, numberFlag, textFlag } from "./flags.ts";

/** The flags that say what is built; `build`, `plan` and `test` share them. */
export const RECIPE_FLAGS: readonly FlagSpec[] = [
  { name: "--recipe", kind: "text" },
  { name: "--base", kind: "text" },
  { name: "--formats", kind: "list" },
  { name: "--settings", kind: "text" },
  { name: "--mirror", kind: "text" },
  { name: "--keyring", kind: "text" },
];

export const CACHE_FLAG: FlagSpec = { name: "--cache", kind: "text" };
export const JSON_FLAG: FlagSpec = { name: "--json", kind: "switch" };
export const REFRESH_FLAG: FlagSpec = { name: "--refresh", kind: "switch" };
export const JOBS_FLAG: FlagSpec = { name: "--jobs", kind: "number", least: 1, most: 256 };
export const OUT_FLAG: FlagSpec = { name: "--out", kind: "text" };

/** Of `build` and of `release`. */
export const SIGN_KEY_FLAG: FlagSpec = { name: "--sign-key", kind: "text" };

const DEFAULT_OUT = "dist";

const TEXTS = ["--recipe", "--base", "--mirror", "--keyring", "--settings", "--sign-key"] as const;

/** The recipe of a call. @throws PosternError `input.recipe` with every problem, the command line's too. */
export function recipeOfCall({ flags, problems, world, signal }: Call): Promise<Recipe> {
  const said: RecipeFlags = {};
  for (const name of TEXTS) {
    const value = textFlag(flags, name);
    if (value !== undefined) said[name] = value;
  }
  if (hasFlag(flags, "--formats")) said["--formats"] = listFlag(flags, "--formats");
  return loadRecipe({ flags: said, problems, cwd: world.cwd, env: world.env, signal });
}

export function cacheOfCall({ flags, world }: Pick<Call, "flags" | "world">): Cache {
  return cacheFolder({ flag: textFlag(flags, "--cache"), cwd: world.cwd, env: world.env });
}

/** The output folder, absolute. */
export function outOfCall({ flags, world }: Pick<Call, "flags" | "world">): string {
  return resolve(world.cwd, textFlag(flags, "--out") ?? DEFAULT_OUT);
}

/** Stages at once: as many as there are processors, where nothing else is said. */
export function jobsOfCall({ flags }: Pick<Call, "flags">): number {
  return numberFlag(flags, "--jobs") ?? availableParallelism();
}

/**
 * The key that signs what a call leaves, looked at before anything else is done; nobody where none is named.
 *
 * @param path of the key; the flag's own where nothing is given
 * @throws PosternError `input.sign-key`
 */
export async function signKeyOfCall(
  { flags, world, signal }: Pick<Call, "flags" | "world" | "signal">,
  path = textFlag(flags, SIGN_KEY_FLAG.name),
): Promise<SignKey | undefined> {
  if (path === undefined) return undefined;
  return readSignKey(resolve(world.cwd, path), { env: world.env, canAsk: world.canAsk, signal });
}
