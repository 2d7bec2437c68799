import { open } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { FIRST_QUESTION } from "./firstboot.ts";
import { GUEST_NETWORK } from "./kit/addresses.ts";
import { noteFigure } from "./kit/figures.ts";
import { ejectDisc, fatImage, insertDisc } from "./kit/media.ts";
import { BOOT_PATIENCE } from "./kit/patience.ts";
import type { Machine } from "./kit/qemu.ts";
import { sessionFolder } from "./kit/session.ts";
import { MEDIUM, mediumFile } from "./machines.ts";
import { watch } from "./watch.ts";

/*
 * The installation medium on servers with an empty disk: by keys over the serial line, and without anybody.
 */

/** Copying, reading back and comparing, on a busy host without virtualisation. */
const INSTALL_TIMEOUT = 900_000;
const BY_KEYS = "installed by keys on BIOS and SATA, beside a second disk";
const GIB = 1024 ** 3;
const MARK = Buffer.from("what stands on the second disk stays\n");

const guest = watch(test, [BY_KEYS]);
let second: string;

test.serial(BY_KEYS, async (t) => {
  t.timeout(BOOT_PATIENCE + INSTALL_TIMEOUT);
  second = join(await sessionFolder("machines", "install-bios"), "second.raw");
  const file = await open(second, "wx");
  await file.truncate(8 * GIB);
  await file.write(MARK, 0, MARK.length, 4 * GIB);
  await file.close();
  const machine = await guest.boot("install-bios", {
    drives: [{ id: "second", kind: "disk", file: second, isWritable: true }],
  });
  const { serial } = machine;
  // The boot menu has the words before it.
  await serial.expect("on this server?", { timeout: BOOT_PATIENCE, label: "the installer's first page" });
  await noteFigure("install-bios: power-on to the installer's first page, s", machine.uptime() / 1000);
  await serial.expect("Firmware: BIOS");
  serial.key("enter");
  await serial.expect("On which disk?");
  // Which of the two the kernel finds first differs from one start to the next.
  const { groups } = await serial.expect(/(\d)\. \/dev\/sd[ab] {2}17\.2 GB/);
  serial.send(groups[0] ?? "");
  serial.key("enter");
  const typed = await serial.expect(/type its serial number: (\S+)/);
  serial.line(typed.groups[0] ?? "");
  await noteInstall(machine, "install-bios");
  await ejectDisc(machine.qmp, MEDIUM);
  serial.key("down", "enter");
  await serial.expect(FIRST_QUESTION, { timeout: BOOT_PATIENCE, label: "the installed console asks" });
  t.pass();
});

test.serial("a medium that comes back starts what is installed", async (t) => {
  t.timeout(BOOT_PATIENCE);
  const machine = guest.machine();
  await insertDisc(machine.qmp, MEDIUM, await mediumFile());
  machine.serial.skip();
  await machine.reset();
  await machine.serial.expect("Start the installed Postern", { timeout: BOOT_PATIENCE });
  await machine.serial.expect(FIRST_QUESTION, { timeout: BOOT_PATIENCE });
  await guest.stop();
  t.pass();
});

test.serial("the second disk is as it was", async (t) => {
  const file = await open(second);
  const read = Buffer.alloc(MARK.length);
  await file.read(read, 0, read.length, 4 * GIB);
  const { blocks } = await file.stat();
  await file.close();
  t.deepEqual(read, MARK);
  t.true(blocks * 512 < 1024 ** 2, "nothing else was written");
});

test.serial("without anybody: Secure Boot, sectors of 4 KiB, answers from a stick", async (t) => {
  t.timeout(2 * BOOT_PATIENCE + INSTALL_TIMEOUT);
  const folder = await sessionFolder("machines", "install-secureboot");
  const stick = await fatImage(folder, "POSTERN", {
    "install.yaml": "disk: { serial: disk0 }\nthen: reboot\n",
    "settings.yaml": `schema: 1\nhostname: installed-alone\nclients:\n  - cidr: ${GUEST_NETWORK}\n`,
  });
  const machine = await guest.boot("install-secureboot", {
    drives: [{ id: "stick", kind: "disk", file: stick }],
  });
  const { serial } = machine;
  await serial.expect("Unattended installation", { timeout: BOOT_PATIENCE });
  await noteInstall(machine, "install-secureboot");
  await serial.expect(/installed-alone/, {
    timeout: BOOT_PATIENCE,
    label: "the status screen with the name",
  });
  t.pass();
});

/** Waits until everything was read back, and notes how long it took by the installer's own word. */
async function noteInstall({ serial }: Machine, name: string): Promise<void> {
  await serial.expect("is installed", { timeout: INSTALL_TIMEOUT, label: "the installation's last page" });
  const { groups } = await serial.expect(/It took (?:(\d+) min )?(\d+) s\./);
  await noteFigure(`${name}: installing, s`, Number(groups[0] ?? 0) * 60 + Number(groups[1]));
}
