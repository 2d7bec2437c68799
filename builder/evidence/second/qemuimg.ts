import { open } from "node:fs/promises";
import { fileSource } from "../../../appliance/disk/bytes.ts";
import { differences } from "../../formats/check.ts";
import { readMembers } from "../../formats/ova/tar-read.ts";
import { run } from "../../host/run.ts";
import type { Format } from "../../recipe/recipe.ts";

/** QEMU's names of the containers; a VMDK lies inside an OVA. */
const DRIVERS: Readonly<Partial<Record<Format, string>>> = {
  ova: "vmdk",
  vhdx: "vhdx",
  vhd: "vpc",
  qcow2: "qcow2",
  raw: "raw",
};

/**
 * An image as qemu-img takes it, by driver and never by guess: a fixed VHD would be taken for a raw disk. A VMDK is
 * read where it lies in its OVA.
 *
 * @returns undefined for a file that it cannot read, or an OVA without a disk
 */
export async function qemuImage(path: string, format: Format | undefined): Promise<string | undefined> {
  const driver = format === undefined ? undefined : DRIVERS[format];
  if (driver === undefined) return undefined;
  const file = { driver: "file", filename: path };
  if (format !== "ova") return `json:${JSON.stringify({ driver, file })}`;
  const handle = await open(path);
  try {
    const { members } = await readMembers(await fileSource(handle));
    const disk = members.find(({ name }) => name.endsWith(".vmdk"));
    if (disk === undefined) return undefined;
    const part = { driver: "raw", offset: disk.offset, size: disk.content.size, file };
    return `json:${JSON.stringify({ driver, file: part })}`;
  } finally {
    await handle.close();
  }
}

/** What QEMU says about an image by itself: its tables, where the format has a check, and the size of its disk. */
export async function qemuProblems(image: string, diskSize: number, signal: AbortSignal): Promise<string[]> {
  // 63: the driver has no check.
  await run("qemu-img", ["check", "-q", image], { signal, okCodes: [0, 63] });
  const { stdout } = await run("qemu-img", ["info", "--output=json", image], { signal });
  const info: unknown = JSON.parse(stdout);
  const size = typeof info === "object" && info !== null && "virtual-size" in info ? info["virtual-size"] : 0;
  return [...differences([["size of the disk", size, diskSize]])];
}

/** Whether two images hold a disk of the same size with the same bytes. */
export async function isSameDisk(one: string, other: string, signal: AbortSignal): Promise<boolean> {
  // Not with -s: that asks for the same holes, too. Another size is said in a line of its own.
  const { stdout } = await run("qemu-img", ["compare", one, other], { signal, okCodes: [0, 1] });
  return stdout.trim() === "Images are identical.";
}
