import { BAKED_SETTINGS } from "../paths.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { lookAtLaid } from "./cloudinit.ts";
import { foundText, type Looked } from "./source.ts";

/** Settings that came with the image: laid in their place by whoever changed it, or baked in by its recipe. */
export async function lookAtImage(system: System): Promise<Looked> {
  const laid = await lookAtLaid(system);
  const text = await readIfThere(system.paths.bakedSettings);
  const baked =
    text === undefined
      ? undefined
      : foundText({ way: "image", detail: BAKED_SETTINGS }, text, BAKED_SETTINGS);
  return { found: [laid, baked].filter((one) => one !== undefined), notes: [] };
}
