import { readFile } from "node:fs/promises";
import { parseSettings } from "../../appliance/settings/parse.ts";
import type { LaidFile } from "../overlays/load.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { LIBRARY } from "./base/command.ts";

/** What the recipe bakes in beside the overlays: an answers file, the administrator's keys, those for catalogues. */
export async function bakedFiles(recipe: Recipe): Promise<LaidFile[]> {
  const files: LaidFile[] = [];
  if (recipe.settings !== undefined) {
    const text = await readFile(recipe.settings, "utf8");
    // Thrown away: only a whole and right file is baked in, as its author wrote it.
    parseSettings(text, recipe.settings);
    files.push(baked("settings.yaml", text));
  }
  if (recipe.admin.sshKeys.length > 0) {
    files.push(baked("admin-keys", `${recipe.admin.sshKeys.join("\n")}\n`));
  }
  if (recipe.catalogueKeys.length > 0) {
    files.push(baked("catalogue-keys", `${recipe.catalogueKeys.join("\n")}\n`));
  }
  return files;
}

function baked(name: string, text: string): LaidFile {
  return {
    path: `${LIBRARY}/baked/${name}`,
    mode: 0o600,
    owner: "root",
    group: "root",
    bytes: Buffer.from(text),
  };
}
