import type { BaseId, Format } from "../../recipe/recipe.ts";

/** Something that Postern does not do, or that nobody has seen it do. This list is the only one. */
export interface Limit {
  title: string;
  text: string;
  /** Images that it is about; absent: all. */
  formats?: readonly Format[];
  /** Bases that it is about; absent: all. */
  bases?: readonly BaseId[];
}

const UBUNTU: readonly BaseId[] = ["ubuntu-24.04", "ubuntu-26.04"];

/** What holds of the images themselves first, then what was not run. */
export const LIMITS: readonly Limit[] = [
  {
    title: "Inside a tunnel nothing is seen",
    text: "Squid sees the name in CONNECT and not what is sent behind it. A client that is taken over can speak to another name of the same servers. proxy.sniCheck also checks the name in the TLS hello; it is off where nothing else is said.",
  },
  {
    title: "The firewall knows no names",
    text: "TCP 443 of the account proxy leads anywhere that is no inner address; which name it is for is Squid's part.",
  },
  {
    title: "The disk is not encrypted",
    text: "There is no measured boot either: who has the disk or the machine's firmware has the system. Secure Boot checks the boot loader and the kernel, where the platform has it on.",
  },
  {
    title: "An image grows old",
    text: "It has the packages of the day it was built. The appliance takes security updates by itself once it reaches an archive; between power-on and the first ones it runs what is in the image.",
  },
  {
    title: "Only in QEMU",
    text: "Images were booted in QEMU, under software emulation where the host has no KVM, with the devices that QEMU has of each platform.",
  },
  {
    title: "No real vCenter, ESXi, Workstation or VirtualBox",
    text: "Both OVAs were imported by VMware's own library into its simulated vCenter, and read by virt-v2v.",
    formats: ["ova"],
  },
  {
    title: "No real Hyper-V",
    text: "The disk starts in QEMU on the devices of both generations as far as it has them; it has no VMBus.",
    formats: ["vhdx", "hyperv"],
  },
  {
    title: "The script for Hyper-V was parsed and never run",
    text: "No Windows was there. It was read by a grammar of PowerShell.",
    formats: ["hyperv"],
  },
  {
    title: "No real Azure",
    text: "Azure's metadata service and wire server were doubles.",
    formats: ["vhd"],
  },
  {
    title: "No physical server",
    text: "The medium installed in QEMU, from a CD and from a stick, by BIOS, UEFI and Secure Boot, onto disks with sectors of 512 and 4096 bytes.",
    formats: ["iso"],
  },
  {
    title: "This base was not built by its makers",
    text: "Ubuntu goes through the same code as Debian 13, but its archive was not reached while that was written.",
    bases: UBUNTU,
  },
];

/** Those that are about a build. */
export function limitsOf({ base, formats }: { base: BaseId; formats: readonly Format[] }): Limit[] {
  return LIMITS.filter(
    (one) =>
      (one.bases?.includes(base) ?? true) &&
      (one.formats?.some((format) => formats.includes(format)) ?? true),
  );
}
