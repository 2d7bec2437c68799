import type { Disk, Part } from "../../../appliance/install/inventory/disk.ts";

/** A usable disk, with what a test changes. */
export function disk(more: Partial<Disk> = {}): Disk {
  return {
    path: "/dev/sda",
    vendor: "DELL",
    model: "PERC H755 Front",
    serial: "00a1b2c3d4e5f6",
    wwn: "0x6f4ee080a1b2c3d4",
    size: 479_559_942_144,
    sectorSize: 512,
    transport: "sas",
    isRemovable: false,
    isReadOnly: false,
    table: "",
    own: { type: "", label: "" },
    parts: [],
    ...more,
  };
}

export function part(more: Partial<Part> = {}): Part {
  return { path: "/dev/sda1", size: 1e9, type: "ext4", label: "", name: "", typeId: "", uses: [], ...more };
}

/** The same as lsblk prints it. */
export function lsblkEntry(one: Disk): Record<string, unknown> {
  const orNull = (text: string): string | null => (text === "" ? null : text);
  return {
    name: one.path.slice("/dev/".length),
    path: one.path,
    type: "disk",
    size: one.size,
    vendor: orNull(one.vendor),
    model: orNull(one.model),
    serial: orNull(one.serial),
    wwn: orNull(one.wwn),
    tran: orNull(one.transport),
    rm: one.isRemovable,
    ro: one.isReadOnly,
    "log-sec": one.sectorSize,
    pttype: orNull(one.table),
    fstype: orNull(one.own.type),
    label: orNull(one.own.label),
    partlabel: null,
    parttype: null,
    mountpoints: [null],
    ...(one.parts.length === 0 ? {} : { children: one.parts.map(partEntry) }),
  };
}

export function lsblkJson(...disks: readonly Disk[]): string {
  return JSON.stringify({ blockdevices: disks.map(lsblkEntry) });
}

function partEntry({ path, size, type, label, name, typeId, uses }: Part): Record<string, unknown> {
  return {
    name: path.slice("/dev/".length),
    path,
    type: "part",
    size,
    fstype: type || null,
    label: label || null,
    partlabel: name || null,
    parttype: typeId || null,
    mountpoints: uses.length === 0 ? [null] : uses,
  };
}
