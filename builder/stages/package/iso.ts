import { fingerprintPaths, fingerprintText } from "../../host/fingerprint.ts";
import type { Stage } from "../../pipeline/stage.ts";
import { isoStage } from "../iso/stage.ts";
import { squashfsStage } from "../squashfs/stage.ts";
import type { PackageOptions } from "./options.ts";

/** The tree packed, and the medium around it: no disk image goes in. */
export async function isoStages(options: PackageOptions): Promise<Stage[]> {
  const { recipe, base, seed, tools, kernelArgs } = options;
  const [packCode, isoCode] = await Promise.all([
    fingerprintPaths("builder/stages/squashfs", "builder/tar"),
    fingerprintPaths("builder/formats/iso", "builder/stages/iso", "appliance/disk"),
  ]);
  return [
    squashfsStage(recipe.epoch, { "squashfs code": packCode, mksquashfs: tools.mksquashfs }),
    isoStage({
      ...{ base, version: recipe.version, seed, epoch: recipe.epoch, kernelArgs },
      inputs: {
        "iso code": isoCode,
        xorriso: tools.xorriso,
        "boot loader paths": fingerprintText(JSON.stringify(base.efi)),
      },
    }),
  ];
}
