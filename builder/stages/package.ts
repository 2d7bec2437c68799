import { join } from "node:path";
import { WRITERS } from "../formats/write.ts";
import { fingerprintPaths } from "../host/fingerprint.ts";
import type { Artifact } from "../pipeline/describe.ts";
import type { Stage } from "../pipeline/stage.ts";
import type { Base } from "../recipe/base.ts";
import type { Format, Recipe } from "../recipe/recipe.ts";

export interface PackageOptions {
  recipe: Recipe;
  base: Base;
  /** Ids inside the containers derive from it. */
  seed: string;
  /** Version of qemu-img, which writes the qcow2. */
  qemuImg: string;
}

/** `postern-1.0.0-ubuntu-24.04-amd64`: the name of every artifact, without its extension. */
export function artifactName(version: string, base: Base): string {
  return `postern-${version}-${base.id}-amd64`;
}

/** One stage a format, each from the same sealed disk. */
export async function packageStages(options: PackageOptions): Promise<Stage[]> {
  return Promise.all(options.recipe.formats.map((format) => packageStage(format, options)));
}

/** What ends up in `dist/`. */
export function packageArtifacts(recipe: Recipe, base: Base): Artifact[] {
  const name = artifactName(recipe.version, base);
  return recipe.formats.map((format) => ({
    stage: format,
    file: `disk.${format}`,
    name: `${name}.${format}`,
  }));
}

const TITLES: Readonly<Record<Format, string>> = {
  ova: "OVA for VMware and VirtualBox",
  vhdx: "VHDX for Hyper-V",
  vhd: "fixed VHD for Azure",
  qcow2: "qcow2 for KVM",
};

/** What an OVA is made of besides its own folder. */
const CODE: Readonly<Record<Format, readonly string[]>> = {
  ova: ["builder/formats/ova", "builder/formats/vmdk"],
  vhdx: ["builder/formats/vhdx"],
  vhd: ["builder/formats/vhd"],
  qcow2: ["builder/formats/qcow2"],
};

async function packageStage(format: Format, options: PackageOptions): Promise<Stage> {
  const { recipe, base, seed } = options;
  const machine = { hardware: recipe.hardware[0] ?? 13, cpus: recipe.vm.cpus, memoryMiB: recipe.vm.memory };
  return {
    id: format,
    title: TITLES[format],
    needs: ["disk"],
    inputs: {
      [`${format} code`]: await fingerprintPaths(...CODE[format], "builder/formats/output.ts"),
      name: artifactName(recipe.version, base),
      seed,
      epoch: String(recipe.epoch),
      ...(format === "qcow2" ? { "qemu-img": options.qemuImg } : {}),
      ...(format === "ova" ? { machine: JSON.stringify(machine) } : {}),
    },
    outputs: [`disk.${format}`],
    run: async ({ out, work, input, progress, signal, jobs }) =>
      WRITERS[format]({
        raw: input("disk", "disk.raw"),
        out: join(out, `disk.${format}`),
        work,
        name: artifactName(recipe.version, base),
        seed,
        epoch: recipe.epoch,
        ...machine,
        product: {
          name: "Postern",
          vendor: "Postern",
          version: recipe.version,
          distribution: base.distribution,
        },
        progress,
        signal,
        jobs,
      }),
  };
}
