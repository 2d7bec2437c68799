/** A size that the importer may choose, or the only one. */
export interface OvaSize {
  /** `medium`; letters, digits and `-`. */
  id: string;
  label: string;
  description: string;
  cpus: number;
  memoryMiB: number;
}

/** A question that vSphere asks on import; the appliance reads the answers on its first boot. */
export interface OvaProperty {
  key: string;
  /** In OVF's words. Clients disagree about what a boolean or a number looks like. */
  type: "string";
  /** Heading that the clients show above it and those that follow with the same one. */
  category: string;
  label: string;
  description: string;
  value: string;
  /** `MaxLen(63)` */
  qualifiers?: string;
}

export interface OvaProduct {
  name: string;
  vendor: string;
  version: string;
  /** Distribution inside: decides which guest the hypervisor thinks it runs. */
  distribution: "debian" | "ubuntu";
}

/** The virtual machine that an OVF describes. */
export interface OvaMachine {
  /** 13 is `vmx-13`. */
  hardware: number;
  /** The first is the default. More than one is for vSphere only: Proxmox adds their CPUs up. */
  sizes: readonly [OvaSize, ...OvaSize[]];
  scsi: "lsilogic" | "VirtualSCSI";
  nic: "E1000" | "VmxNet3";
  firmware: "bios" | "efi";
  /** An empty CD drive, by which hosts without VMware Tools' channel hand the properties over. */
  hasCdDrive: boolean;
  properties: readonly OvaProperty[];
}

/** The OVA for every importer: VirtualBox, Proxmox, Workstation, Nutanix, vSphere. One size, old hardware. */
export function portableMachine(hardware: number, cpus: number, memoryMiB: number): OvaMachine {
  const size = { id: "standard", label: "Standard", description: "The only size", cpus, memoryMiB };
  const asked = { hasCdDrive: false, properties: [] };
  return { hardware, sizes: [size], scsi: "lsilogic", nic: "E1000", firmware: "bios", ...asked };
}

/** OVF's number of the operating system (CIM_OperatingSystem.OsType) and VMware's name of it. */
export function guestOf(
  distribution: OvaProduct["distribution"],
  hardware: number,
): { id: number; description: string; vmware: string } {
  if (distribution === "ubuntu") return { id: 94, description: "Ubuntu 64-Bit", vmware: "ubuntu64Guest" };
  // A Debian newer than the host's list brings a warning on import: Debian 11 came with vSphere 7, hardware 17.
  const vmware = hardware >= 17 ? "debian11_64Guest" : "debian10_64Guest";
  return { id: 96, description: "Debian 64-Bit", vmware };
}
