import { leastDiskSize } from "../../disk/layout.ts";
import { type Disk, diskSize } from "./disk.ts";
import type { Firmware } from "./server.ts";
import { virtualMaker } from "./virtual.ts";

/** What is known beside the disks. */
export interface ChoiceFacts {
  /** Device of the installation medium, `/dev/sr0` or `/dev/sdb1`; undefined where it is not known. */
  medium: string | undefined;
  firmware: Firmware;
}

/** A disk, and why Postern cannot be installed on it; without a reason it can. */
export interface Judged {
  disk: Disk;
  leftOut?: string;
}

type Rule = (disk: Disk, facts: ChoiceFacts, all: readonly Disk[]) => string | undefined;

/** The first that says something decides. */
const RULES: readonly Rule[] = [
  (disk, { medium }) => (isMedium(disk, medium) ? "the installation medium" : undefined),
  (disk) => {
    const maker = virtualMaker(disk);
    return maker === undefined ? undefined : `a virtual disk of ${maker}`;
  },
  ({ transport }) => (transport === "usb" ? "a disk on USB" : undefined),
  ({ isRemovable }) => (isRemovable ? "removable" : undefined),
  ({ size }) => (size === 0 ? "no medium in it" : undefined),
  ({ isReadOnly }) => (isReadOnly ? "read-only" : undefined),
  ({ sectorSize }) =>
    isSectorSize(sectorSize) ? undefined : `sectors of ${sectorSize} bytes; 512 or 4096 are needed`,
  ({ sectorSize }, { firmware }) =>
    sectorSize === 4096 && firmware === "bios"
      ? "sectors of 4096 bytes start by UEFI alone; this server was started by BIOS"
      : undefined,
  ({ size, sectorSize }) => {
    const least = isSectorSize(sectorSize) ? leastDiskSize(sectorSize) : 0;
    return size < least ? `too small: ${diskSize(least)} are needed` : undefined;
  },
  ({ parts }) => {
    const [use] = parts.flatMap(({ uses }) => uses);
    return use === undefined ? undefined : `in use: ${use}`;
  },
  ({ path, wwn }, _facts, all) => {
    const twin = all.find((other) => wwn !== "" && other.wwn === wwn && other.path !== path);
    return twin === undefined ? undefined : `seen twice, also as ${twin.path}: paths of a storage network`;
  },
];

/** Judges every disk. A disk that is left out carries its reason in words. */
export function judge(disks: readonly Disk[], facts: ChoiceFacts): Judged[] {
  return disks.map((disk) => {
    for (const rule of RULES) {
      const leftOut = rule(disk, facts, disks);
      if (leftOut !== undefined) return { disk, leftOut };
    }
    return { disk };
  });
}

export function isSectorSize(size: number): size is 512 | 4096 {
  return size === 512 || size === 4096;
}

/** The medium's device is the disk itself or one of its partitions. */
function isMedium({ path, parts }: Disk, medium: string | undefined): boolean {
  return medium !== undefined && (medium === path || parts.some((part) => part.path === medium));
}
