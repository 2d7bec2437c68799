import test from "ava";
import { firstQuestion } from "./firstboot.ts";
import { noteFigure } from "./kit/figures.ts";
import { PATIENCE } from "./kit/patience.ts";
import type { SetupName } from "./machines.ts";
import { watch } from "./watch.ts";

const OTHERS: readonly [setup: SetupName, title: string][] = [
  ["vhdx-ide", "the VHDX asks on BIOS and IDE, as Hyper-V's generation 1"],
  ["ova-vsphere", "the OVA for vSphere asks on BIOS, PVSCSI and VMXNET3"],
  ["ova-uefi", "the OVA asks on UEFI, SATA and VMXNET3"],
];

const guest = watch(test);

for (const [name, title] of OTHERS) {
  test.serial(title, async (t) => {
    t.timeout(PATIENCE);
    const machine = await guest.boot(name);
    const seconds = await firstQuestion(machine);
    await noteFigure(`${name}: power-on to the first question, s`, seconds);
    t.log(`first question after ${seconds.toFixed(1)} s`);
    t.regex(machine.serial.text(), /^Postern \d+\.\d+\.\d+/m, "the version stands above the first question");
  });
}
