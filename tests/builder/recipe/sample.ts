import type { Recipe } from "../../../builder/recipe/recipe.ts";

/** A recipe with every default filled in. */
export const RECIPE: Recipe = {
  base: "auto",
  formats: ["ova"],
  disk: { size: 16 },
  vm: { cpus: 2, memory: 4096 },
  hardware: [13, 17],
  ova: {},
  admin: { sshKeys: [] },
  catalogueKeys: [],
  packages: [],
  overlays: [],
  version: "1.0.0",
  epoch: 0,
  sign: {},
};
