import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArtifactKind, artifactDisk } from "./kit/artifacts.ts";
import { AZURE_ASSET_TAG, AZURE_VM_ID } from "./kit/azure.ts";
import type { Drive, Hardware } from "./kit/hardware.ts";
import { type Machine, startMachine } from "./kit/qemu.ts";
import { sessionFolder } from "./kit/session.ts";

/** What the tests boot, and on what: each stands for a place where the artifact is imported. */
export interface Setup {
  artifact: ArtifactKind;
  hardware: Hardware;
  /** GiB of an empty disk; the artifact is a medium in the CD drive `medium` then. */
  emptyDisk?: number;
}

/** Ports on the host that lead to the guest's SSH and proxy; the namespace is ours, so they are free. */
export const SSH_PORT = 20_022;
export const PROXY_PORT = 23_128;

/** For a machine whose operator types an address. */
export const STATIC_ADDRESS = "198.51.100.20";

/** The card of the machine in Azure, which the metadata service tells, too. */
export const AZURE_MAC = "52:54:00:12:34:58";

/** The wire between a measured machine and the namespace. */
export const TAP = "tap-measure";

const forwards = [
  { host: SSH_PORT, guest: 22 },
  { host: PROXY_PORT, guest: 3128 },
];

export const SETUPS = {
  /** The portable OVA where firmware is BIOS by default: VirtualBox, Workstation. */
  "ova-bios": {
    artifact: "ova",
    hardware: { chipset: "pc", firmware: "bios", controller: "lsi53c895a", nic: "e1000", forwards },
  },
  /** Hyper-V's generation 2: UEFI, Secure Boot on, SCSI; QEMU has no VMBus, virtio stands in for it. */
  "vhdx-secureboot": {
    artifact: "vhdx",
    hardware: {
      ...{ chipset: "q35", firmware: "secureboot", controller: "virtio-scsi", nic: "virtio-net-pci" },
      mac: "52:54:00:12:34:57",
      guestAddress: STATIC_ADDRESS,
      hyperv: true,
      cpus: 2,
      forwards,
    },
  },
  /** Hyper-V's generation 1: BIOS and IDE. */
  "vhdx-ide": {
    artifact: "vhdx",
    hardware: { chipset: "pc", firmware: "bios", controller: "ide", nic: "e1000", forwards },
  },
  /** The portable OVA on UEFI without Secure Boot, SATA, and the card that follows the E1000. */
  "ova-uefi": {
    artifact: "ova",
    hardware: { chipset: "q35", firmware: "uefi", controller: "ahci", nic: "e1000e", forwards },
  },
  /** The OVA for vSphere with VMware's own devices; QEMU's firmware for UEFI has no driver for that disk. */
  "ova-vsphere": {
    artifact: "vsphere.ova",
    hardware: { chipset: "pc", firmware: "bios", controller: "pvscsi", nic: "vmxnet3", forwards },
  },
  /** The OVA for vSphere as its descriptor asks for it: UEFI with Secure Boot; NVMe is what that firmware can start from. */
  "vsphere-secureboot": {
    artifact: "vsphere.ova",
    hardware: { chipset: "q35", firmware: "secureboot", controller: "nvme", nic: "vmxnet3", forwards },
  },
  /** Azure's generation 2, known by the tag on its chassis. */
  "vhd-azure": {
    artifact: "vhd",
    hardware: {
      ...{ chipset: "q35", firmware: "secureboot", controller: "virtio-scsi", nic: "virtio-net-pci" },
      ...{ mac: AZURE_MAC, uuid: AZURE_VM_ID, assetTag: AZURE_ASSET_TAG, hyperv: true },
      forwards,
    },
  },
  /** For what differs from one machine to the next: its size, its cards, its ports. */
  "ova-changed": {
    artifact: "ova",
    hardware: { chipset: "pc", firmware: "bios", controller: "virtio-scsi", nic: "virtio-net-pci", forwards },
  },
  /** For what happens to a running machine, with a worker for each of two processors; the disk that is quickest here. */
  "ova-running": {
    artifact: "ova",
    hardware: {
      chipset: "pc",
      firmware: "bios",
      controller: "virtio-scsi",
      nic: "virtio-net-pci",
      cpus: 2,
      forwards,
    },
  },
  /** For settings that come without a keyboard, on UEFI, SATA and E1000E; its drives are the test's. */
  "ova-sources": {
    artifact: "ova",
    hardware: { chipset: "q35", firmware: "uefi", controller: "ahci", nic: "e1000e", forwards },
  },
  /**
   * For measuring, on BIOS and IDE, as Hyper-V's generation 1; on a wire where every port can be tried, not behind
   * QEMU's user network.
   */
  "vhdx-measured": {
    artifact: "vhdx",
    hardware: { chipset: "pc", firmware: "bios", controller: "ide", nic: "virtio-net-pci", tap: TAP },
  },
  /** A server that is installed by keys: BIOS, SATA. */
  "install-bios": {
    artifact: "iso",
    emptyDisk: 16,
    hardware: { chipset: "pc", firmware: "bios", controller: "ahci", nic: "e1000", forwards },
  },
  /** A server that nobody sits at: UEFI, Secure Boot on, a disk with sectors of 4 KiB. */
  "install-secureboot": {
    artifact: "iso",
    emptyDisk: 16,
    hardware: {
      ...{ chipset: "q35", firmware: "secureboot", controller: "nvme", sectorSize: 4096 },
      ...{ nic: "virtio-net-pci", forwards },
    },
  },
  /** UEFI without Secure Boot, and a disk that does not say its serial number. */
  "install-virtio": {
    artifact: "iso",
    emptyDisk: 16,
    hardware: { chipset: "q35", firmware: "uefi", controller: "virtio-blk", nic: "virtio-net-pci", forwards },
  },
  /** A server whose disks are behind a RAID controller. */
  "install-megasas": {
    artifact: "iso",
    emptyDisk: 16,
    hardware: { chipset: "pc", firmware: "bios", controller: "megasas", nic: "e1000", forwards },
  },
  /** A server that is started from a stick. */
  "install-stick": {
    artifact: "iso",
    emptyDisk: 16,
    hardware: { chipset: "pc", firmware: "bios", controller: "virtio-scsi", nic: "e1000" },
  },
  /** The same, whose stick nobody ever pulls. */
  "install-stays": {
    artifact: "iso",
    emptyDisk: 16,
    hardware: { chipset: "q35", firmware: "uefi", controller: "ahci", nic: "virtio-net-pci", forwards },
  },
  /** For pictures of the screen. */
  pictures: {
    artifact: "ova",
    hardware: { chipset: "pc", firmware: "bios", controller: "virtio-scsi", nic: "virtio-net-pci", forwards },
  },
} as const satisfies Record<string, Setup>;

export type SetupName = keyof typeof SETUPS;

/** The CD drive that has the installation medium. */
export const MEDIUM = "medium";

/** The medium as a file. */
export async function mediumFile(): Promise<string> {
  return (await artifactDisk("iso", await sessionFolder("machines"))).file;
}

/** Boots an artifact on one of the setups, from a folder of its own in this run. */
export async function boot(name: SetupName, more: Partial<Hardware> = {}): Promise<Machine> {
  const { artifact, hardware, emptyDisk }: Setup = SETUPS[name];
  const folder = await sessionFolder("machines", name);
  const image = await artifactDisk(artifact, folder);
  if (emptyDisk === undefined) return startMachine(folder, image, { ...hardware, ...more });
  const file = join(folder, "empty.raw");
  await writeFile(file, "");
  await truncate(file, emptyDisk * 1024 ** 3);
  const given = more.drives ?? [];
  const medium: Drive = { id: MEDIUM, kind: "cd", file: image.file, isFirst: true };
  const drives = given.some(({ id }) => id === MEDIUM) ? given : [medium, ...given];
  return startMachine(folder, { file, format: "raw" }, { ...hardware, ...more, drives });
}
