import type { DiskFormat } from "../recipe/recipe.ts";
import type { FormatOptions } from "./format.ts";
import { writeQcow2 } from "./qcow2/write.ts";
import { writeVhd } from "./vhd/write.ts";
import { writeVhdx } from "./vhdx/write.ts";

/** A writer for each format that is made from the disk alone; an OVA is packed around a VMDK. */
export const WRITERS: Readonly<
  Record<Exclude<DiskFormat, "ova">, (options: FormatOptions) => Promise<void>>
> = {
  vhdx: writeVhdx,
  vhd: writeVhd,
  qcow2: writeQcow2,
};
