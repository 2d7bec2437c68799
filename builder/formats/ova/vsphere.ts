import { OVF_SETTINGS } from "../../../appliance/intake/ovfproperties.ts";
import { sizeFor } from "../../../appliance/proxy/sizing.ts";
import type { OvaMachine, OvaProperty, OvaSize } from "./machine.ts";

/** Machines that an appliance of each size serves, as the wizard offers them; the first is the default. */
const SIZES = [
  { id: "small", label: "Small", machines: 2_000 },
  { id: "medium", label: "Medium", machines: 10_000 },
  { id: "large", label: "Large", machines: 20_000 },
] as const;

/**
 * The OVA for vSphere 7 and later: sizes and settings are asked when it is deployed, Secure Boot is on, and disk
 * and network are paravirtual. VirtualBox and Proxmox would read the sizes wrongly: theirs is the portable one.
 */
export function vsphereMachine(hardware: number): OvaMachine {
  const [first, ...others] = SIZES.map(sizeOf);
  if (first === undefined) throw new Error("no size");
  return {
    hardware,
    sizes: [first, ...others],
    scsi: "VirtualSCSI",
    nic: "VmxNet3",
    firmware: "efi",
    hasCdDrive: true,
    properties: OVF_SETTINGS.map(propertyOf),
  };
}

/** As docs/sizing.md has it; where two sizes would come out alike, the larger has more to spare. */
function sizeOf({ id, label, machines }: (typeof SIZES)[number], index: number): OvaSize {
  const { vcpus, memoryGb, diskGb } = sizeFor(machines);
  const memoryMiB = Math.max(memoryGb, 2 * (index + 1)) * 1024;
  const many = machines.toLocaleString("en-US");
  const description = `Up to ${many} machines: ${vcpus} vCPUs, ${memoryMiB / 1024} GB of memory. A log of 30 days wants a disk of ${diskGb} GB: enlarge it before the first start.`;
  return { id, label, description, cpus: vcpus, memoryMiB };
}

/** Every one is optional and empty: what nobody fills in, the console asks. */
function propertyOf({
  key,
  type,
  category,
  label,
  description,
  longest,
}: (typeof OVF_SETTINGS)[number]): OvaProperty {
  return { key, type, category, label, description, value: "", qualifiers: `MaxLen(${longest})` };
}
