import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type OvaMachine, type OvaProduct, portableMachine } from "../../formats/ova/machine.ts";
import { vsphereMachine } from "../../formats/ova/vsphere.ts";
import { writeOva } from "../../formats/ova/write.ts";
import { writeVmdk } from "../../formats/vmdk/write.ts";
import { fingerprintText } from "../../host/fingerprint.ts";
import type { Stage } from "../../pipeline/stage.ts";
import { artifactName, VSPHERE } from "./names.ts";
import { codeOf, formatOptions, type PackageOptions } from "./options.ts";
import { readSigner } from "./signer.ts";

const VMDK = "vmdk";

/** Two OVAs around one VMDK: one for every importer, one for vSphere. */
export async function ovaStages(options: PackageOptions): Promise<Stage[]> {
  const { recipe } = options;
  const [hardware = 13, vsphereHardware = 17] = recipe.hardware;
  const vmdk: Stage = {
    id: VMDK,
    title: "VMDK for the OVAs",
    needs: ["disk"],
    inputs: await codeOf("vmdk", "deflate"),
    outputs: ["disk.vmdk"],
    run: async (context) =>
      writeVmdk({
        ...formatOptions(options, context),
        raw: context.input("disk", "disk.raw"),
        out: join(context.out, "disk.vmdk"),
      }),
  };
  const { eula } = recipe.ova;
  return [
    vmdk,
    await ovaStage(options, {
      id: "ova",
      title: "OVA for VMware, VirtualBox and others",
      suffix: "",
      machine: portableMachine(hardware, recipe.vm.cpus, recipe.vm.memory),
    }),
    await ovaStage(options, {
      id: VSPHERE.stage,
      title: "OVA for vSphere, with sizes and settings to fill in",
      suffix: VSPHERE.suffix,
      machine: vsphereMachine(vsphereHardware),
      ...(eula === undefined ? {} : { eula: await readFile(eula, "utf8") }),
    }),
  ];
}

interface OvaKind {
  id: string;
  title: string;
  suffix: string;
  machine: OvaMachine;
  eula?: string;
}

async function ovaStage(options: PackageOptions, kind: OvaKind): Promise<Stage> {
  const { recipe, base } = options;
  const { id, title, suffix, machine, eula } = kind;
  const name = `${artifactName(recipe.version, base)}${suffix}`;
  const product: OvaProduct = {
    name: "Postern",
    vendor: "Postern",
    version: recipe.version,
    distribution: base.distribution,
  };
  // The certificate stands for its key, which goes into no key of the cache.
  const signer = await readSigner(recipe.sign);
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
      ...(eula === undefined ? {} : { eula: fingerprintText(eula) }),
      ...(signer === undefined ? {} : { certificate: fingerprintText(signer.certificates) }),
    },
    outputs: ["disk.ova"],
    run: async (context) =>
      writeOva({
        ...formatOptions(options, context),
        ...{ name, machine, product },
        ...(eula === undefined ? {} : { eula }),
        ...(signer === undefined ? {} : { signer }),
        vmdk: context.input(VMDK, "disk.vmdk"),
        out: join(context.out, "disk.ova"),
      }),
  };
}
