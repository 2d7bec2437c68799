import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Format } from "../recipe/recipe.ts";
import type { FormatOptions } from "./format.ts";
import { type OvaProduct, portableMachine } from "./ova/machine.ts";
import { writeOva } from "./ova/write.ts";
import { writeQcow2 } from "./qcow2/write.ts";
import { writeVhd } from "./vhd/write.ts";
import { writeVhdx } from "./vhdx/write.ts";
import { writeVmdk } from "./vmdk/write.ts";

/** What a format may need beside the disk. */
export interface PackageOptions extends FormatOptions {
  /** Folder for what is packed further, such as the OVA's VMDK. */
  work: string;
  cpus: number;
  memoryMiB: number;
  /** Virtual hardware version of the OVA. */
  hardware: number;
  product: OvaProduct;
}

/** A writer for each format of the recipe. */
export const WRITERS: Readonly<Record<Format, (options: PackageOptions) => Promise<void>>> = {
  ova: writePortableOva,
  vhdx: writeVhdx,
  vhd: writeVhd,
  qcow2: writeQcow2,
};

async function writePortableOva(options: PackageOptions): Promise<void> {
  const vmdk = join(options.work, `${options.name}.vmdk`);
  const machine = portableMachine(options.hardware, options.cpus, options.memoryMiB);
  try {
    await options.progress.step("VMDK", (progress) => writeVmdk({ ...options, out: vmdk, progress }));
    await options.progress.step("OVA", (progress) => writeOva({ ...options, vmdk, machine, progress }));
  } finally {
    await rm(vmdk, { force: true });
  }
}
