import { copyFile, open } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { fileSource } from "../../appliance/disk/bytes.ts";
import { openMedium, placeOf } from "../../builder/formats/iso/read/open.ts";
import { noteFigure } from "./kit/figures.ts";
import { plugStick, pullDisk } from "./kit/media.ts";
import { BOOT_PATIENCE, PATIENCE, STEP_PATIENCE } from "./kit/patience.ts";
import { sessionFolder } from "./kit/session.ts";
import { MEDIUM, mediumFile } from "./machines.ts";
import { watch } from "./watch.ts";

/*
 * The installation medium up to the installer's first page, as a stick. As a CD it starts in the installer's own tests.
 */

const NAME = "iso-usb";
const REFUSED = "a damaged stick starts, says how long it takes, and is refused";
const RATE = 24 * 1024 * 1024;

const guest = watch(test, [REFUSED]);

/** A copy of the medium with one bit in the middle of the packed system turned over. */
async function damagedCopy(): Promise<string> {
  const out = join(await sessionFolder("machines", NAME), "damaged.iso");
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

test.serial(REFUSED, async (t) => {
  t.timeout(PATIENCE);
  const file = await damagedCopy();
  const stick = { id: MEDIUM, kind: "disk", file, isUsb: true, isFirst: true, bytesPerSecond: RATE } as const;
  const machine = await guest.boot(NAME, { drives: [stick] });
  const { serial } = machine;
  await serial.expect("Check this medium", { timeout: BOOT_PATIENCE, label: "the boot menu" });
  serial.key("enter");
  await serial.expect("the installation medium starts", { timeout: BOOT_PATIENCE });
  await noteFigure(`${NAME}: power-on to the boot script, s`, machine.uptime() / 1000);
  await serial.expect(/Reading Postern \S+ \(\S+\) from \/dev\/sd[a-z]\./, { timeout: BOOT_PATIENCE });
  await serial.expect(/\d+ of \d+ MiB, \d+ %, \S+ [KM]iB\/s, about \d+ (s|min) left/, {
    timeout: BOOT_PATIENCE,
  });
  await serial.expect("WRONG: what was read is not what was built.", { timeout: BOOT_PATIENCE });
  await serial.expect("Press Enter to try again", { timeout: STEP_PATIENCE });
  t.false(serial.text().includes("The copy is right"));
});

test.serial("the right stick in its place starts the installer", async (t) => {
  t.timeout(PATIENCE);
  const { serial, qmp } = guest.machine();
  const gone = qmp.event("DEVICE_DELETED");
  await pullDisk(qmp, MEDIUM);
  await gone;
  await plugStick(qmp, "right", await mediumFile());
  serial.key("enter");
  await serial.expect("The copy is right.", { timeout: BOOT_PATIENCE });
  await serial.expect("Install Postern", { timeout: BOOT_PATIENCE, label: "the installer's first page" });
  await serial.expect("Firmware: BIOS", { timeout: STEP_PATIENCE });
  t.pass();
});
