import { open } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { FIRST_QUESTION } from "./firstboot.ts";
import {
  damagedMedium,
  firstPage,
  INSTALL_TIMEOUT,
  installByKeys,
  installed,
  ownMedium,
  stickOf,
} from "./installing.ts";
import { GUEST_NETWORK } from "./kit/addresses.ts";
import { noteFigure } from "./kit/figures.ts";
import { ejectDisc, fatImage, plugStick, pullDisk } from "./kit/media.ts";
import { BOOT_PATIENCE, STEP_PATIENCE } from "./kit/patience.ts";
import { sessionFolder } from "./kit/session.ts";
import { MEDIUM, mediumFile, type SetupName } from "./machines.ts";
import { type Machine, testRows } from "./rows.ts";
import { makeAccess } from "./stick.ts";
import { watch } from "./watch.ts";

/*
 * The installation medium on servers with an empty disk, as a CD and as a stick: by keys over the serial line, and
 * without anybody.
 */

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const MARK = Buffer.from("what stands on the second disk stays\n");
const MINUTES_LEFT = /\d+ of \d+ MiB, \d+ %, \S+ [KM]iB\/s, about (\d+) min left/;

/** On a busy host the screen's console can have counted down before the serial line's shows its first page. */
const UNATTENDED = /Unattended installation|Installing on \//;

/** Told on the last page where UEFI refused one. */
const NO_ENTRY = "The firmware took no entry";

const guest = watch(test);

const MACHINES: readonly Machine[] = [
  {
    core: true,
    title: "from a CD by keys, on BIOS and SATA: the disk asks, and a second disk is as it was",
    async shows(t) {
      const name = "install-bios";
      const file = await secondDisk(name);
      const machine = await guest.boot(name, {
        drives: [{ id: "second", kind: "disk", file, isWritable: true }],
      });
      await firstPage(machine, name, "BIOS");
      await installByKeys(machine, name);
      await ejectDisc(machine.qmp, MEDIUM);
      machine.serial.key("down", "enter");
      await diskAsks(name);
      await guest.stop();
      const disk = await open(file);
      const read = Buffer.alloc(MARK.length);
      await disk.read(read, 0, read.length, 4 * GIB);
      const { blocks } = await disk.stat();
      await disk.close();
      t.deepEqual(read, MARK);
      t.true(blocks * 512 < MIB, "nothing else was written");
    },
  },
  {
    core: true,
    title:
      "from a stick without anybody, under Secure Boot, with sectors of 4 KiB: the stick stays, the disk starts",
    async shows(t) {
      const name = "install-secureboot";
      const settings = `schema: 1\nhostname: installed-alone\nclients:\n  - cidr: ${GUEST_NETWORK}\n`;
      const flags = ["--install-to", "serial=disk0", "--then", "reboot"];
      const machine = await guest.boot(name, { drives: [stickOf(await ownMedium(name, settings, flags))] });
      const { serial } = machine;
      await serial.expect("Memory test (not with Secure Boot)", { timeout: BOOT_PATIENCE });
      await serial.expect(UNATTENDED, { timeout: BOOT_PATIENCE });
      await noteFigure(`${name}: power-on to the countdown, s`, machine.uptime() / 1000);
      await installed(machine, name);
      t.false(serial.text().includes(NO_ENTRY));
      await serial.expect("Start the installed Postern", { timeout: BOOT_PATIENCE });
      await serial.expect(/installed-alone/, { timeout: BOOT_PATIENCE, label: "the status screen's name" });
    },
  },
  {
    title: "from a CD by keys, on UEFI and virtio, whose disk has no serial number: the disk asks",
    shows: (t) => byKeys(t, "install-virtio", "UEFI"),
  },
  {
    title: "from a CD by keys, on BIOS and a MegaRAID: the disk asks",
    shows: (t) => byKeys(t, "install-megasas", "BIOS"),
  },
  {
    title: "over a line of 1 MiB/s: the time that is left is shown, and the installer comes",
    async shows(t) {
      const name = "install-stick";
      const stick = stickOf(await mediumFile(), { bytesPerSecond: MIB });
      const machine = await guest.boot(name, { drives: [stick] });
      await machine.serial.expect("the installation medium starts", { timeout: BOOT_PATIENCE });
      await noteFigure(`${name}, 1 MiB/s: power-on to the boot script, s`, machine.uptime() / 1000);
      const { groups } = await machine.serial.expect(MINUTES_LEFT, { timeout: STEP_PATIENCE });
      const minutes = Number(groups[0]);
      t.true(minutes >= 2 && minutes <= 10, `${minutes} min for about 270 MiB`);
      await firstPage(machine, `${name}, 1 MiB/s`, "BIOS");
    },
  },
  {
    title: "a damaged stick is refused; the right one in its place starts the installer",
    async shows(t) {
      const name = "install-stick";
      const machine = await guest.boot(name, { drives: [stickOf(await damagedMedium(name))] });
      const { serial, qmp } = machine;
      await serial.expect("WRONG: what was read is not what was built.", { timeout: BOOT_PATIENCE });
      await serial.expect("Press Enter to try again");
      t.false(serial.text().includes("The copy is right"));
      const gone = qmp.event("DEVICE_DELETED");
      await pullDisk(qmp, MEDIUM);
      await gone;
      await plugStick(qmp, "right", await mediumFile());
      serial.key("enter");
      await serial.expect("The copy is right.", { timeout: BOOT_PATIENCE });
      await firstPage(machine, `${name}, after a damaged one`, "BIOS");
    },
  },
  {
    title: "a medium that stays installs nothing twice, checks itself, and rescues who knows the password",
    async shows(t) {
      const name = "install-stays";
      const { settings, password } = await makeAccess(name, "stays");
      const answers = await fatImage(await sessionFolder("machines", name), "POSTERN", {
        "install.yaml": "disk: { serial: QM00001 }\nthen: reboot\n",
        "settings.yaml": settings,
      });
      const machine = await guest.boot(name, {
        drives: [stickOf(await mediumFile()), { id: "answers", kind: "disk", file: answers }],
      });
      const { serial } = machine;
      await serial.expect(UNATTENDED, { timeout: BOOT_PATIENCE });
      await installed(machine, name);
      await serial.expect("Start the installed Postern", { timeout: BOOT_PATIENCE });
      await serial.expect(/\bstays\b/, { timeout: BOOT_PATIENCE, label: "the status screen's name" });

      await chooseEntry(1);
      await serial.expect("This server has Postern already", { timeout: BOOT_PATIENCE });
      await serial.expect("is there already");

      await chooseEntry(2);
      await serial.expect("RIGHT: the medium holds what was built.", { timeout: BOOT_PATIENCE });

      await chooseEntry(3);
      await serial.expect("Rescue: which system?", { timeout: BOOT_PATIENCE });
      serial.key("enter");
      await serial.expect("Console password of the installed Postern");
      serial.line("not the password");
      await serial.expect("That was not the password.");
      t.notRegex(serial.text(), /The installed system is open/);
      serial.line(password);
      await serial.expect("The installed system is open");
      serial.line("chroot /mnt cat /etc/hostname; id -un");
      await serial.expect(/^stays\s+root\b/m, { label: "a shell of root on the installed system" });
    },
  },
];

// Installed, then started again as often as the longest row does.
testRows(test, MACHINES, INSTALL_TIMEOUT + 3 * BOOT_PATIENCE);

/** A disk that has something on it. Returns its path. */
async function secondDisk(name: SetupName): Promise<string> {
  const path = join(await sessionFolder("machines", name), "second.raw");
  const file = await open(path, "wx");
  await file.truncate(8 * GIB);
  await file.write(MARK, 0, MARK.length, 4 * GIB);
  await file.close();
  return path;
}

async function byKeys(t: ExecutionContext, name: SetupName, firmware: string): Promise<void> {
  const machine = await guest.boot(name);
  await firstPage(machine, name, firmware);
  await installByKeys(machine, name);
  t.false(machine.serial.text().includes(NO_ENTRY));
  await ejectDisc(machine.qmp, MEDIUM);
  machine.serial.key("down", "enter");
  await diskAsks(name);
}

/** The installed system comes to its first question. */
async function diskAsks(name: SetupName): Promise<void> {
  const { serial } = guest.machine();
  const since = performance.now();
  await serial.expect(FIRST_QUESTION, { timeout: BOOT_PATIENCE, label: "the installed console asks" });
  await noteFigure(`${name}: restart to the first question, s`, (performance.now() - since) / 1000);
}

/** Restarts the machine and takes an entry of the medium's boot menu, counted from the first. */
async function chooseEntry(number: number): Promise<void> {
  const machine = guest.machine();
  machine.serial.skip();
  await machine.reset();
  await machine.serial.expect("Memory test", { timeout: BOOT_PATIENCE, label: "the boot menu" });
  for (let at = 0; at < number; at++) machine.serial.key("down");
  machine.serial.key("enter");
}
