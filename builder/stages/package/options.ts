import type { FormatOptions } from "../../formats/format.ts";
import { fingerprintPaths } from "../../host/fingerprint.ts";
import type { StageContext } from "../../pipeline/stage.ts";
import type { Base } from "../../recipe/base.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { artifactName } from "./names.ts";

export interface PackageOptions {
  recipe: Recipe;
  base: Base;
  /** Ids inside the containers derive from it. */
  seed: string;
  /** Versions of what decides bytes. */
  tools: Readonly<Record<"qemu-img" | "mksquashfs" | "xorriso", string>>;
  /** Kernel arguments of the installed system. */
  kernelArgs: readonly string[];
}

/** What the writers share, beside their own folders. */
const SHARED = ["archive", "output", "raw", "threads", "window"].map((name) => `builder/formats/${name}.ts`);

/** The code of folders below `builder/formats/`, as an input of a stage. */
export async function codeOf(...folders: readonly string[]): Promise<Record<string, string>> {
  const paths = folders.map((name) => `builder/formats/${name}`);
  return { [`${folders[0]} code`]: await fingerprintPaths(...paths, ...SHARED) };
}

export function formatOptions(
  { recipe, base, seed }: PackageOptions,
  { progress, signal, jobs }: StageContext,
): Omit<FormatOptions, "raw" | "out"> {
  return {
    ...{ name: artifactName(recipe.version, base), seed, epoch: recipe.epoch },
    ...{ progress, signal, jobs },
  };
}
