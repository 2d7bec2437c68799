import { PosternError } from "../error.ts";
import { type Gpt, type SectorSize, usableSectors } from "./gpt.ts";
import type { DiskIds } from "./ids.ts";

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;

/** Where a partition lies, in bytes. */
export interface Place {
  offset: number;
  size: number;
}

export interface DiskLayout {
  /** Bytes of the whole disk. */
  size: number;
  gpt: Gpt;
  biosBoot: Place;
  esp: Place;
  root: Place;
  log: Place;
}

/** Numbers of the partitions, as GRUB (`gpt3`) and Linux (`sda3`) count them. */
export const PARTITION = { biosBoot: 1, esp: 2, root: 3, log: 4 } as const;

/** Names in the partition table; Linux shows them below /dev/disk/by-partlabel. */
export const PARTITION_NAME = {
  biosBoot: "bios-boot",
  esp: "esp",
  root: "postern-root",
  log: "postern-log",
} as const;

/**
 * Type GUIDs. The root has the x86-64 root type of the Discoverable Partitions Specification. The log is plain
 * Linux data: no type there means /var/log, and the one for /var is only mounted when its GUID hashes from the
 * machine id, which no image can know.
 */
export const PARTITION_TYPE = {
  biosBoot: "21686148-6449-6e6f-744e-656564454649",
  esp: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  root: "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
  linux: "0fc63daf-8483-4772-8e79-3d69d8477de4",
} as const;

/**
 * FAT32 has 65525 clusters or more, and a cluster is one sector at least: with sectors of 4 KiB that is 256 MiB
 * (Microsoft's FAT specification 1.03, page 14).
 */
const ESP_MIB = { 512: 128, 4096: 260 } as const;
const ROOT_MIB = 4096;
/** Below this an access log of one busy day would not fit. */
const LEAST_LOG_MIB = 512;
/** The table at the start of the disk and the one at its end. */
const TABLES_MIB = 2;

/** The smallest disk, in bytes. */
export function leastDiskSize(sectorSize: SectorSize = 512): number {
  return (1 + ESP_MIB[sectorSize] + ROOT_MIB + LEAST_LOG_MIB + TABLES_MIB) * MIB;
}

/**
 * The four partitions on a disk, each on whole MiB.
 *
 * @param size of the disk in bytes, whole sectors.
 * @throws PosternError `input.disk-size` when it is too small.
 */
export function diskLayout(size: number, ids: DiskIds, sectorSize: SectorSize = 512): DiskLayout {
  if (size < leastDiskSize(sectorSize)) {
    throw new PosternError({
      code: "input.disk-size",
      message: `a disk of ${size} bytes is too small`,
      hint: `Take one with ${leastDiskSize(sectorSize)} bytes or more.`,
    });
  }
  const sectors = size / sectorSize;
  const rootStart = 2 + ESP_MIB[sectorSize];
  const logStart = rootStart + ROOT_MIB;
  const end = Math.floor(((usableSectors({ sectorSize, sectors }).last + 1) * sectorSize) / MIB);
  const biosBoot = place(1, 1);
  const esp = place(2, ESP_MIB[sectorSize]);
  const root = place(rootStart, ROOT_MIB);
  const log = place(logStart, end - logStart);
  const entry = (type: string, id: string, name: string, { offset, size: bytes }: Place) => {
    return { type, id, name, first: offset / sectorSize, last: (offset + bytes) / sectorSize - 1 };
  };
  const partitions = [
    entry(PARTITION_TYPE.biosBoot, ids.biosBoot, PARTITION_NAME.biosBoot, biosBoot),
    entry(PARTITION_TYPE.esp, ids.esp, PARTITION_NAME.esp, esp),
    entry(PARTITION_TYPE.root, ids.root, PARTITION_NAME.root, root),
    entry(PARTITION_TYPE.linux, ids.log, PARTITION_NAME.log, log),
  ];
  return { size, gpt: { disk: ids.disk, sectorSize, sectors, partitions }, biosBoot, esp, root, log };
}

function place(startMiB: number, sizeMiB: number): Place {
  return { offset: startMiB * MIB, size: sizeMiB * MIB };
}
