import { join } from "node:path";
import { writeHyperv } from "../../formats/hyperv/write.ts";
import { type PlainFormat, WRITERS } from "../../formats/write.ts";
import type { Stage } from "../../pipeline/stage.ts";
import { isoStages } from "./iso.ts";
import { artifactName } from "./names.ts";
import { codeOf, formatOptions, type PackageOptions } from "./options.ts";
import { ovaStages } from "./ova.ts";

/** The stages of each format: all from the same sealed disk, the medium from the same sealed tree. */
export async function packageStages(options: PackageOptions): Promise<Stage[]> {
  const { formats } = options.recipe;
  const stages = await Promise.all(
    formats.map(async (format) => {
      if (format === "ova") return ovaStages(options);
      if (format === "iso") return isoStages(options);
      if (format !== "hyperv") return [await diskStage(format, options)];
      // The VHDX in the zip is made also where it is not asked for by itself.
      const vhdx = formats.includes("vhdx") ? [] : [await diskStage("vhdx", options)];
      return [...vhdx, await hypervStage(options)];
    }),
  );
  return stages.flat();
}

const TITLES: Readonly<Record<PlainFormat, string>> = {
  vhdx: "VHDX for Hyper-V",
  vhd: "fixed VHD for Azure",
  qcow2: "qcow2 for KVM",
  raw: "raw disk",
};

async function diskStage(format: PlainFormat, options: PackageOptions): Promise<Stage> {
  const { recipe, base, seed } = options;
  return {
    id: format,
    title: TITLES[format],
    needs: ["disk"],
    inputs: {
      ...(await codeOf(format)),
      name: artifactName(recipe.version, base),
      seed,
      epoch: String(recipe.epoch),
      ...(format === "qcow2" ? { "qemu-img": options.tools["qemu-img"] } : {}),
    },
    outputs: [`disk.${format}`],
    run: async (context) =>
      WRITERS[format]({
        ...formatOptions(options, context),
        raw: context.input("disk", "disk.raw"),
        out: join(context.out, `disk.${format}`),
      }),
  };
}

async function hypervStage(options: PackageOptions): Promise<Stage> {
  const { recipe, base } = options;
  return {
    id: "hyperv",
    title: "zip for Hyper-V, with the script that imports it",
    needs: ["vhdx"],
    inputs: {
      ...(await codeOf("hyperv")),
      // Its zlib deflates the zip.
      node: process.versions.node,
      name: artifactName(recipe.version, base),
      version: recipe.version,
      epoch: String(recipe.epoch),
    },
    outputs: ["disk.hyperv"],
    run: async (context) =>
      writeHyperv({
        ...formatOptions(options, context),
        version: recipe.version,
        vhdx: context.input("vhdx", "disk.vhdx"),
        out: join(context.out, "disk.hyperv"),
      }),
  };
}
