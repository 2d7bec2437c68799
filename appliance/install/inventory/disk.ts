/** A disk of the server as lsblk and sysfs describe it. Texts are printable ASCII, empty where there is none. */
export interface Disk {
  /** `/dev/nvme0n1` */
  path: string;
  vendor: string;
  model: string;
  serial: string;
  wwn: string;
  /** Bytes. */
  size: number;
  /** Bytes of a logical sector: 512, 4096, or what a storage array has. */
  sectorSize: number;
  /** `nvme`, `sas`, `sata`, `usb`; empty for what has no name of its own, such as virtio. */
  transport: string;
  isRemovable: boolean;
  isReadOnly: boolean;
  /** `gpt`, `dos`; empty: no partition table. */
  table: string;
  /** What is on the disk itself, without a partition. */
  own: Signature;
  parts: readonly Part[];
}

/** A file system, or what else can be recognised by its first bytes. */
export interface Signature {
  /** `ext4`, `ntfs`, `LVM2_member`; empty: nothing that is known. */
  type: string;
  label: string;
}

export interface Part extends Signature {
  path: string;
  size: number;
  /** Its name and its type in the partition table. */
  name: string;
  typeId: string;
  /** Where it is mounted, or what is made of it: `/mnt`, `lvm vg0-root`. Empty: nobody uses it. */
  uses: readonly string[];
}

/** Bytes as disks are sold: `480 GB`, `1.92 TB`. */
export function diskSize(bytes: number): string {
  const units = ["MB", "GB", "TB", "PB"] as const;
  let value = bytes / 1e6;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 99.95 ? value.toFixed(0) : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** `DELL PERC H755`, without the vendor where the model begins with it. */
export function diskModel({ vendor, model }: Pick<Disk, "vendor" | "model">): string {
  // Vendors of ATA disks are "ATA", those of virtio a number.
  const isSaid = vendor === "" || vendor === "ATA" || /^0x/.test(vendor) || model.startsWith(vendor);
  return (isSaid ? model : `${vendor} ${model}`).trim() || "(no model)";
}

/** The node of a partition: `/dev/sda` has `/dev/sda3`, `/dev/nvme0n1` has `/dev/nvme0n1p3`. */
export function partitionPath(disk: string, number: number): string {
  return `${disk}${/\d$/.test(disk) ? "p" : ""}${number}`;
}

/** Neither a partition table nor anything that is recognised. */
export function isEmpty({ table, own, parts }: Pick<Disk, "table" | "own" | "parts">): boolean {
  return table === "" && own.type === "" && parts.length === 0;
}

/** What is on the disk now, for a person: first the sum, then a line for each partition. */
export function contentLines({ table, own, parts }: Disk): string[] {
  const [first, ...rest] = [
    ...(own.type === "" ? [] : [`a file system: ${signatureText(own)}`]),
    ...(table === "" ? [] : [`${table.toUpperCase()} partition table with ${count(parts.length)}`]),
  ];
  if (first === undefined && parts.length === 0) return ["nothing: no partition table, no file system"];
  return [
    [first ?? count(parts.length), ...rest].join(", "),
    ...parts.map(({ path, size, name, uses, ...signature }) => {
      const words = [path.slice("/dev/".length), diskSize(size), signatureText(signature), name, ...uses];
      return `  ${words.filter((word) => word !== "").join("  ")}`;
    }),
  ];
}

function count(parts: number): string {
  return parts === 1 ? "1 partition" : `${parts} partitions`;
}

function signatureText({ type, label }: Signature): string {
  return label === "" ? type : `${type} "${label}"`;
}
