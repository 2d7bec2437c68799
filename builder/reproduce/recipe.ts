import { basename } from "node:path";
import { type Problem, problemsError } from "../../appliance/settings/problem.ts";
import type { BuildRecord } from "../evidence/record.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** What a record holds only by name, from the one who rebuilds. */
export type GivenFiles = Pick<Recipe, "settings" | "keyring" | "overlays" | "ova" | "sign">;

/**
 * The recipe of a record, with the base that was chosen then. Files that it only names come from `given`; whether
 * they hold the same is seen by their digests, before anything is built.
 *
 * @throws PosternError `input.rebuild` with every file that is missing.
 */
export function rebuildRecipe(record: BuildRecord, given: GivenFiles, file: string): Recipe {
  const { signed, certificate, settings, keyring, overlays, ova, ...rest } = record.recipe;
  const problems: Problem[] = [];
  const need = (path: string, name: string | undefined, has: string | undefined): void => {
    if (name !== undefined && has === undefined) problems.push({ path, expected: name, got: "nothing" });
  };
  need("--settings", settings, given.settings);
  need("ova.eula (--recipe)", ova.eula, given.ova.eula);
  need("sign.certificate (--recipe)", certificate, given.sign.certificate);
  const names = given.overlays.map((path) => basename(path));
  if (names.join() !== overlays.join()) {
    problems.push({
      path: "overlays (--recipe)",
      expected: overlays.join(", ") || "none",
      got: names.join(", ") || "none",
    });
  }
  if (problems.length > 0) {
    const hint = "Give the files that the first build was given; docs/reproduce.md.";
    throw problemsError("input.rebuild", `the recipe in ${file}`, problems, hint);
  }
  return {
    ...rest,
    base: record.base,
    ...(settings === undefined || given.settings === undefined ? {} : { settings: given.settings }),
    // Another keyring may hold the same key: it decides no byte of the image.
    ...(given.keyring === undefined ? {} : { keyring: given.keyring }),
    overlays: given.overlays,
    ova: ova.eula === undefined ? {} : given.ova,
    // The key signs the OVAs where there is a certificate: the same key gives the same signature.
    sign: certificate === undefined ? {} : given.sign,
  };
}
