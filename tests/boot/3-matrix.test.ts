import test, { type ExecutionContext } from "ava";
import { azureProvisions } from "./azure.ts";
import { expectServing, firstQuestion } from "./firstboot.ts";
import { type Cloud, startCloud } from "./kit/cloud.ts";
import { noteFigure } from "./kit/figures.ts";
import type { Hardware } from "./kit/hardware.ts";
import { PATIENCE } from "./kit/patience.ts";
import { connectOnly } from "./kit/proxyclient.ts";
import { sessionFolder } from "./kit/session.ts";
import type { SetupName } from "./machines.ts";
import { ALLOWED_NAME, assertServes, INSIDE } from "./probes.ts";
import { type Machine, testRows } from "./rows.ts";
import { type Access, makeAccess, stickWith } from "./stick.ts";
import { watch } from "./watch.ts";

/*
 * The images on the machines they are made for, as far as QEMU has them. The other test files boot some of them,
 * too: the portable OVA on BIOS and on UEFI, the VHDX under Secure Boot and on BIOS.
 */

const GIB = 1024 ** 3;

let cloud: Cloud;

const guest = watch(test);

const MACHINES: readonly Machine[] = [
  { title: "the VHDX asks on BIOS and IDE, as Hyper-V's generation 1", shows: asks("vhdx-ide") },
  { title: "the OVA for vSphere asks on BIOS, PVSCSI and VMXNET3", shows: asks("ova-vsphere") },
  { title: "the OVA asks on UEFI, SATA and E1000E", shows: asks("ova-uefi") },
  {
    title: "the OVA for vSphere serves under Secure Boot, on NVMe and VMXNET3, and its kernel is locked down",
    async shows(t) {
      const { root } = await serves(t, "vsphere-secureboot");
      const log = await root("dmesg");
      t.regex(log, /secureboot: Secure boot enabled/);
      t.regex(log, /Kernel is locked down from EFI Secure Boot/);
    },
  },
  {
    title: "the VHD is provisioned by cloud-init, as Azure's generation 2",
    shows: (t) => azureProvisions(t, guest, cloud),
  },
  {
    title: "a disk that somebody grew from 16 to 40 GiB: the log partition grows",
    async shows(t) {
      const { root } = await serves(t, "ova-changed", { diskGiB: 40 });
      const size = Number(await root("findmnt", "-bno", "SIZE", "/var/log"));
      t.true(size > 32 * GIB, `/var/log has ${size} bytes`);
    },
  },
  {
    title: "a machine without a serial port serves",
    shows: async (t) => void (await serves(t, "ova-changed", { noSerial: true })),
  },
  {
    title: "a card that has another name after a start: the network is found",
    async shows(t) {
      const { root } = await serves(t, "ova-changed", { nicSlot: 0x10 });
      const name = () => root("sh", "-c", "basename -a /sys/class/net/e*");
      const before = await name();
      await guest.cycle({ nicSlot: 0x11 });
      await expectServing(guest.machine().serial);
      await assertServes(t, cloud);
      t.not(await name(), before);
    },
  },
  {
    title: "of two cards the first leads nowhere: the network is found",
    async shows(t) {
      const { root } = await serves(t, "ova-changed", { deadNic: true });
      t.is((await root("sh", "-c", "ls -d /sys/class/net/e* | wc -l")).trim(), "2");
    },
  },
];

test.before(async () => {
  cloud = await startCloud(await sessionFolder("cloud-matrix"));
});

testRows(test, MACHINES, PATIENCE);

test.after.always(async () => {
  await cloud?.close();
});

/** The console comes to its first question. */
function asks(name: SetupName): (t: ExecutionContext) => Promise<void> {
  return async (t) => {
    const machine = await guest.boot(name);
    const seconds = await firstQuestion(machine);
    await noteFigure(`${name}: power-on to the first question, s`, seconds);
    t.log(`first question after ${seconds.toFixed(1)} s`);
    t.regex(machine.serial.text(), /^Postern \d+\.\d+\.\d+/m, "the version stands above the first question");
  };
}

/** With settings from a stick it comes to serve. */
async function serves(t: ExecutionContext, name: SetupName, more: Partial<Hardware> = {}): Promise<Access> {
  const access = await makeAccess(name, "matrix");
  await guest.boot(name, { ...more, drives: [await stickWith(name, access.settings)] });
  // Asked, not read from the console: that may be a screen alone.
  while ((await connectOnly(INSIDE, `${ALLOWED_NAME}:443`)).kind !== "answer");
  await assertServes(t, cloud);
  return access;
}
