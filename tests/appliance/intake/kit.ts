import { cpSync, rmSync } from "node:fs";
import type { ExecutionContext } from "ava";
import type { System } from "../../../appliance/system/system.ts";
import { lay, type Machine, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";

/** A medium in the fake machine: a folder that is copied to where it is mounted. */
export interface FakeMedium {
  device: string;
  label: string;
  type: string;
  size?: number;
  isCd?: boolean;
  files: Readonly<Record<string, string>>;
}

/** A machine with media in it, and the properties that VMware's tools tell it. */
export function machineWith(
  t: ExecutionContext,
  { media = [], ovfEnv }: { media?: readonly FakeMedium[]; ovfEnv?: string } = {},
): Machine {
  const machine = makeMachine(tempFolder(t));
  const shelf = tempFolder(t);
  for (const { device, files } of media) {
    for (const [name, text] of Object.entries(files)) lay(shelf, `${device}/${name}`, text);
  }
  const plain = machine.run;
  machine.run = (async (command, args, options) => {
    const ran = await plain(command, args, options);
    const folder = args.at(-1) ?? "";
    if (command === "mount") cpSync(`${shelf}${args.at(-2)}`, folder, { recursive: true });
    if (command === "umount") rmSync(folder, { recursive: true, force: true });
    return ran;
  }) satisfies System["run"];
  const blockdevices = media.map(({ device, label, type, size = 1_000_000, isCd = false }) => ({
    ...{ path: device, label, fstype: type, size, type: isCd ? "rom" : "part" },
  }));
  machine.answers.set("lsblk", { stdout: JSON.stringify({ blockdevices }) });
  machine.answers.set("vmware-rpctool", { code: ovfEnv === undefined ? 1 : 0, stdout: ovfEnv ?? "" });
  machine.answers.set("vmtoolsd", { code: 1 });
  return machine;
}
