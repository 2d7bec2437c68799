import { copyFile, open, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileSource } from "../../appliance/disk/bytes.ts";
import { openMedium, placeOf } from "../../builder/formats/iso/read/open.ts";
import { run } from "../../builder/host/run.ts";
import { noteFigure } from "./kit/figures.ts";
import type { Drive } from "./kit/hardware.ts";
import { BOOT_PATIENCE } from "./kit/patience.ts";
import type { Machine } from "./kit/qemu.ts";
import { sessionFolder } from "./kit/session.ts";
import { MEDIUM, mediumFile, type SetupName } from "./machines.ts";

/** Copying, reading back and comparing, on a busy host without virtualisation; milliseconds. */
export const INSTALL_TIMEOUT = 900_000;

const CLI = resolve(import.meta.dirname, "..", "..", "builder", "cli.ts");
/** The machine's own disk, by the size that is printed on it; which of several it is differs between starts. */
const OWN_DISK = /(\d)\. \/dev\/\S+ {2}17\.2 GB/;

/** The medium as a stick in a USB port, which the firmware tries first. */
export function stickOf(file: string, more: Partial<Drive> = {}): Drive {
  return { id: MEDIUM, kind: "disk", file, isUsb: true, isFirst: true, ...more };
}

/** A medium that brings settings and installs by itself, as `./postern iso` makes it. Returns its path. */
export async function ownMedium(name: SetupName, settings: string, flags: readonly string[]) {
  const folder = await sessionFolder("machines", name);
  const [file, out] = [join(folder, "settings.yaml"), join(folder, "own.iso")];
  await writeFile(file, settings);
  await run(process.execPath, [
    CLI,
    ...["iso", "--settings", file, "--out", out],
    ...flags,
    await mediumFile(),
  ]);
  return out;
}

/** A copy of the medium with one bit in the middle of the packed system turned over. */
export async function damagedMedium(name: SetupName): Promise<string> {
  const out = join(await sessionFolder("machines", name), "damaged.iso");
  await copyFile(await mediumFile(), out);
  const file = await open(out, "r+");
  try {
    const { volume } = await openMedium(await fileSource(file));
    const { offset, size } = placeOf(volume, "postern/tree.squashfs");
    const place = offset + Math.floor(size / 2);
    const one = Buffer.alloc(1);
    await file.read(one, 0, 1, place);
    one.writeUInt8(one.readUInt8(0) ^ 1);
    await file.write(one, 0, 1, place);
  } finally {
    await file.close();
  }
  return out;
}

/** Waits for the installer's first page, which names the firmware, and notes how long it took. */
export async function firstPage(machine: Machine, name: string, firmware: string): Promise<void> {
  const { serial } = machine;
  // The boot menu has the words before it.
  await serial.expect("on this server?", { timeout: BOOT_PATIENCE, label: "the installer's first page" });
  await noteFigure(`${name}: power-on to the installer's first page, s`, machine.uptime() / 1000);
  await serial.expect(`Firmware: ${firmware}`);
}

/** From the first page to the last one, as somebody at the keys installs. */
export async function installByKeys(machine: Machine, name: string): Promise<void> {
  const { serial } = machine;
  serial.key("enter");
  await serial.expect("On which disk?");
  const { groups } = await serial.expect(OWN_DISK);
  serial.send(groups[0] ?? "");
  serial.key("enter");
  // With the line's end: what is there before it may be half of the number.
  const typed = await serial.expect(/type its (?:serial number|WWN|path and size): ([^\r\n]*\S)\s*[\r\n]/);
  serial.line(typed.groups[0] ?? "");
  await installed(machine, name);
}

/** Waits until everything was read back, and notes how long it took by the installer's own word. */
export async function installed({ serial }: Machine, name: string): Promise<void> {
  const { groups } = await serial.expect(/It took (?:(\d+) min )?(\d+) s\./, {
    timeout: INSTALL_TIMEOUT,
    label: "the installation's last page",
  });
  await noteFigure(`${name}: installing, s`, Number(groups[0] ?? 0) * 60 + Number(groups[1]));
}
