import { join } from "node:path";
import { portableMachine } from "../formats/ova/machine.ts";
import { writeOva } from "../formats/ova/write.ts";
import { writeQcow2 } from "../formats/qcow2/write.ts";
import { writeVhd } from "../formats/vhd/write.ts";
import { writeVhdx } from "../formats/vhdx/write.ts";
import { writeVmdk } from "../formats/vmdk/write.ts";
import { fingerprintPaths } from "../host/fingerprint.ts";
import type { Artifact } from "../pipeline/describe.ts";
import type { Stage, StageContext } from "../pipeline/stage.ts";
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

/** One stage a format, each from the same sealed disk; the OVA from a VMDK of its own stage. */
export async function packageStages(options: PackageOptions): Promise<Stage[]> {
  const { formats } = options.recipe;
  const wanted: readonly (Format | "vmdk")[] = formats.includes("ova") ? ["vmdk", ...formats] : formats;
  return Promise.all(wanted.map((format) => packageStage(format, options)));
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

const TITLES: Readonly<Record<Format | "vmdk", string>> = {
  vmdk: "VMDK, streamOptimized",
  ova: "OVA for VMware and VirtualBox",
  vhdx: "VHDX for Hyper-V",
  vhd: "fixed VHD for Azure",
  qcow2: "qcow2 for KVM",
};

async function packageStage(format: Format | "vmdk", options: PackageOptions): Promise<Stage> {
  const { recipe, base } = options;
  const code = await fingerprintPaths(`builder/formats/${format}`, "builder/formats/output.ts");
  return {
    id: format,
    title: TITLES[format],
    needs: [format === "ova" ? "vmdk" : "disk"],
    inputs: {
      [`${format} code`]: code,
      name: artifactName(recipe.version, base),
      seed: options.seed,
      epoch: String(recipe.epoch),
      ...(format === "qcow2" ? { "qemu-img": options.qemuImg } : {}),
      ...(format === "ova"
        ? { machine: JSON.stringify([recipe.hardware[0], recipe.vm.cpus, recipe.vm.memory]) }
        : {}),
    },
    outputs: [`disk.${format}`],
    run: (context) => write(format, options, context),
  };
}

async function write(
  format: Format | "vmdk",
  { recipe, base, seed }: PackageOptions,
  context: StageContext,
): Promise<void> {
  const { progress, signal, jobs } = context;
  const common = {
    out: join(context.out, `disk.${format}`),
    name: artifactName(recipe.version, base),
    seed,
    epoch: recipe.epoch,
    progress,
    signal,
    jobs,
  };
  if (format === "ova") {
    const { cpus, memory } = recipe.vm;
    return writeOva({
      ...common,
      vmdk: context.input("vmdk", "disk.vmdk"),
      machine: portableMachine(recipe.hardware[0] ?? 13, cpus, memory),
      product: {
        name: "Postern",
        vendor: "Postern",
        version: recipe.version,
        distribution: base.distribution,
      },
    });
  }
  const options = { ...common, raw: context.input("disk", "disk.raw") };
  if (format === "vmdk") return writeVmdk(options);
  if (format === "vhdx") return writeVhdx(options);
  if (format === "vhd") return writeVhd(options);
  return writeQcow2(options);
}
