import type { DiskFormat } from "../recipe/recipe.ts";
import type { FormatOptions } from "./format.ts";
import { writeQcow2 } from "./qcow2/write.ts";
import { writeRawImage } from "./raw/write.ts";
import { writeVhd } from "./vhd/write.ts";
import { writeVhdx } from "./vhdx/write.ts";

/** Those made from the disk alone; an OVA is packed around a VMDK, the zip for Hyper-V around a VHDX. */
export type PlainFormat = Exclude<DiskFormat, "ova" | "hyperv">;

/** A writer for each format that is made from the disk alone. */
export const WRITERS: Readonly<Record<PlainFormat, (options: FormatOptions) => Promise<void>>> = {
  vhdx: writeVhdx,
  vhd: writeVhd,
  qcow2: writeQcow2,
  raw: writeRawImage,
};
