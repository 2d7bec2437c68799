import { FORMATS, type Format } from "../recipe/recipe.ts";

/** What stands behind an artifact's name. */
export const ENDINGS: Readonly<Record<Format, string>> = {
  ova: ".ova",
  vhdx: ".vhdx",
  hyperv: "-hyperv.zip",
  vhd: ".vhd",
  qcow2: ".qcow2",
  raw: ".img",
  iso: ".iso",
};

/** The format of a file by its name. */
export function formatOfName(name: string): Format | undefined {
  return FORMATS.find((format) => name.endsWith(ENDINGS[format]));
}
