import { ENDINGS } from "../../formats/names.ts";
import type { Artifact } from "../../pipeline/describe.ts";
import type { Base } from "../../recipe/base.ts";
import type { Recipe } from "../../recipe/recipe.ts";

/** Of the OVA that is for vSphere only. */
export const VSPHERE = { stage: "ova-vsphere", suffix: "-vsphere" } as const;

/** `postern-1.0.0-ubuntu-24.04-amd64`: the name of every artifact, without its ending. */
export function artifactName(version: string, base: Base): string {
  return `postern-${version}-${base.id}-amd64`;
}

/** What ends up in `dist/`. */
export function packageArtifacts(recipe: Recipe, base: Base): Artifact[] {
  const name = artifactName(recipe.version, base);
  return recipe.formats.flatMap((format) => {
    const one = { stage: format, file: `disk.${format}`, name: `${name}${ENDINGS[format]}` };
    const vsphere = { ...one, stage: VSPHERE.stage, name: `${name}${VSPHERE.suffix}${ENDINGS[format]}` };
    return format === "ova" ? [one, vsphere] : [one];
  });
}
