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

/** An OVF environment as vSphere writes it, with these properties. */
export function ovfEnvironment(properties: Readonly<Record<string, string>>): string {
  const lines = Object.entries(properties).map(
    ([key, value]) => `    <Property oe:key="${escaped(key)}" oe:value="${escaped(value)}"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Environment
     xmlns="http://schemas.dmtf.org/ovf/environment/1"
     xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
     xmlns:oe="http://schemas.dmtf.org/ovf/environment/1"
     xmlns:ve="http://www.vmware.com/schema/ovfenv"
     oe:id=""
     ve:vCenterId="vm-42">
   <PlatformSection>
      <Kind>VMware ESXi</Kind>
      <Version>8.0.3</Version>
      <Vendor>VMware, Inc.</Vendor>
      <Locale>en</Locale>
   </PlatformSection>
   <PropertySection>
${lines.join("\n")}
   </PropertySection>
   <ve:EthernetAdapterSection>
      <ve:Adapter ve:mac="00:50:56:00:00:01" ve:network="VM Network" ve:unitNumber="7"/>
   </ve:EthernetAdapterSection>
   <Entity oe:id="other-vm">
      <PropertySection><Property oe:key="postern.hostname" oe:value="not-mine"/></PropertySection>
   </Entity>
</Environment>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
