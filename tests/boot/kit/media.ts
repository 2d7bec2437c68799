import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fatSizeFor, writeFat } from "../../../appliance/disk/fat/write.ts";
import { run } from "../../../builder/host/run.ts";
import type { Qmp } from "./qmp.ts";

/** Names of files in the root of a medium, and their texts. */
export type Texts = Readonly<Record<string, string>>;

/** A FAT image as a stick or a seed disk has it. Returns its path. */
export async function fatImage(folder: string, label: string, texts: Texts): Promise<string> {
  const out = join(folder, `${label}.img`);
  const files = Object.entries(texts).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
  await writeFat(out, files, { size: fatSizeFor(files), label, serial: 1, epoch: 0 });
  return out;
}

/** An ISO 9660 image. Returns its path. */
export async function isoImage(folder: string, label: string, texts: Texts): Promise<string> {
  const out = join(folder, `${label}.iso`);
  const tree = join(folder, `${label}.tree`);
  await mkdir(tree);
  for (const [path, text] of Object.entries(texts)) await writeFile(join(tree, path), text);
  await run("xorriso", ["-as", "mkisofs", "-quiet", "-V", label, "-o", out, tree]);
  return out;
}

/** Lays a disc into a CD drive. */
export async function insertDisc(qmp: Qmp, drive: string, file: string): Promise<void> {
  await qmp.execute("blockdev-change-medium", { id: drive, filename: file, format: "raw", force: true });
}

/** Takes the disc out, as a paper clip does. */
export async function ejectDisc(qmp: Qmp, drive: string): Promise<void> {
  await qmp.execute("eject", { id: drive, force: true });
}

/** Plugs a disk into the controller `extra`. */
export async function plugDisk(qmp: Qmp, id: string, file: string): Promise<void> {
  await addNode(qmp, id, file);
  await qmp.execute("device_add", { driver: "scsi-hd", drive: id, id, bus: "extra.0" });
}

/** Pulls it out again. */
export async function pullDisk(qmp: Qmp, id: string): Promise<void> {
  await qmp.execute("device_del", { id });
}

/** Puts a stick into a USB port. */
export async function plugStick(qmp: Qmp, id: string, file: string): Promise<void> {
  await addNode(qmp, id, file);
  await qmp.execute("device_add", { driver: "usb-storage", drive: id, id, bus: "usb.0", removable: true });
}

/** A raw file that a device may be made of; it is only read. */
async function addNode(qmp: Qmp, id: string, file: string): Promise<void> {
  await qmp.execute("blockdev-add", {
    driver: "raw",
    "node-name": id,
    "read-only": true,
    file: { driver: "file", filename: file },
  });
}
