import { join } from "node:path";
import type { FormatOptions } from "../formats/format.ts";
import { type OvaMachine, type OvaProduct, portableMachine } from "../formats/ova/machine.ts";
import { vsphereMachine } from "../formats/ova/vsphere.ts";
import { writeOva } from "../formats/ova/write.ts";
import { writeVmdk } from "../formats/vmdk/write.ts";
import { WRITERS } from "../formats/write.ts";
import { fingerprintPaths, fingerprintText } from "../host/fingerprint.ts";
import type { Artifact } from "../pipeline/describe.ts";
import type { Stage, StageContext } from "../pipeline/stage.ts";
import type { Base } from "../recipe/base.ts";
import type { DiskFormat, Recipe } from "../recipe/recipe.ts";
import { isoStage } from "./iso/stage.ts";
import { squashfsStage } from "./squashfs/stage.ts";

export interface PackageOptions {
  recipe: Recipe;
  base: Base;
  /** Ids inside the containers derive from it. */
  seed: string;
  /** Versions of what decides bytes. */
  tools: Readonly<Record<"qemu-img" | "mksquashfs" | "xorriso", string>>;
  /** Kernel arguments of the installed system. */
  kernelArgs: readonly string[];
}

/** `postern-1.0.0-ubuntu-24.04-amd64`: the name of every artifact, without its extension. */
export function artifactName(version: string, base: Base): string {
  return `postern-${version}-${base.id}-amd64`;
}

/** The stages of each format, all from the same sealed disk. */
export async function packageStages(options: PackageOptions): Promise<Stage[]> {
  const stages = await Promise.all(
    options.recipe.formats.map((format) => {
      if (format === "ova") return ovaStages(options);
      return format === "iso" ? isoStages(options) : diskStage(format, options);
    }),
  );
  return stages.flat();
}

/** What ends up in `dist/`. */
export function packageArtifacts(recipe: Recipe, base: Base): Artifact[] {
  const name = artifactName(recipe.version, base);
  return recipe.formats.flatMap((format) => {
    const one = { stage: format, file: `disk.${format}`, name: `${name}.${format}` };
    return format === "ova" ? [one, { ...one, stage: VSPHERE, name: `${name}${VSPHERE_SUFFIX}.ova` }] : [one];
  });
}

const VSPHERE = "ova-vsphere";
const VSPHERE_SUFFIX = "-vsphere";
const VMDK = "vmdk";

const TITLES: Readonly<Record<Exclude<DiskFormat, "ova">, string>> = {
  vhdx: "VHDX for Hyper-V",
  vhd: "fixed VHD for Azure",
  qcow2: "qcow2 for KVM",
};

async function diskStage(format: Exclude<DiskFormat, "ova">, options: PackageOptions): Promise<Stage[]> {
  const { recipe, base, seed } = options;
  const stage: Stage = {
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
  return [stage];
}

/** The tree packed, and the medium around it: no disk image goes in. */
async function isoStages({ recipe, base, seed, tools, kernelArgs }: PackageOptions): Promise<Stage[]> {
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

/** Two OVAs around one VMDK: one for every importer, one for vSphere. */
async function ovaStages(options: PackageOptions): Promise<Stage[]> {
  const { recipe } = options;
  const [hardware = 13, vsphereHardware = 17] = recipe.hardware;
  const vmdk: Stage = {
    id: VMDK,
    title: "VMDK for the OVAs",
    needs: ["disk"],
    inputs: await codeOf("vmdk"),
    outputs: ["disk.vmdk"],
    run: async (context) =>
      writeVmdk({
        ...formatOptions(options, context),
        raw: context.input("disk", "disk.raw"),
        out: join(context.out, "disk.vmdk"),
      }),
  };
  return [
    vmdk,
    await ovaStage(options, {
      id: "ova",
      title: "OVA for VMware, VirtualBox and others",
      suffix: "",
      machine: portableMachine(hardware, recipe.vm.cpus, recipe.vm.memory),
    }),
    await ovaStage(options, {
      id: VSPHERE,
      title: "OVA for vSphere, with sizes and settings to fill in",
      suffix: VSPHERE_SUFFIX,
      machine: vsphereMachine(vsphereHardware),
    }),
  ];
}

interface OvaKind {
  id: string;
  title: string;
  suffix: string;
  machine: OvaMachine;
}

async function ovaStage(options: PackageOptions, { id, title, suffix, machine }: OvaKind): Promise<Stage> {
  const { recipe, base } = options;
  const name = `${artifactName(recipe.version, base)}${suffix}`;
  const product: OvaProduct = {
    name: "Postern",
    vendor: "Postern",
    version: recipe.version,
    distribution: base.distribution,
  };
  return {
    id,
    title,
    needs: [VMDK],
    inputs: {
      ...(await codeOf("ova")),
      name,
      epoch: String(recipe.epoch),
      machine: JSON.stringify(machine),
      product: JSON.stringify(product),
    },
    outputs: ["disk.ova"],
    run: async (context) =>
      writeOva({
        ...formatOptions(options, context),
        ...{ name, machine, product },
        vmdk: context.input(VMDK, "disk.vmdk"),
        out: join(context.out, "disk.ova"),
      }),
  };
}

async function codeOf(folder: string): Promise<Record<string, string>> {
  const paths = [`builder/formats/${folder}`, "builder/formats/output.ts"];
  return { [`${folder} code`]: await fingerprintPaths(...paths) };
}

function formatOptions(
  { recipe, base, seed }: PackageOptions,
  { progress, signal, jobs }: StageContext,
): Omit<FormatOptions, "raw" | "out"> {
  return {
    ...{ name: artifactName(recipe.version, base), seed, epoch: recipe.epoch },
    ...{ progress, signal, jobs },
  };
}
