import { type Gpt, type SectorSize, usableSectors } from "../../appliance/disk/gpt.ts";
import type { DiskIds } from "../../appliance/disk/ids.ts";
import { PosternError } from "../error.ts";

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

/**
 * Type GUIDs. The root has the x86-64 root type of the Discoverable Partitions Specification. The log is plain
 * Linux data: no type there means /var/log, and the one for /var is only mounted when its GUID hashes from the
 * machine id, which no image can know.
 */
const TYPE = {
  biosBoot: "21686148-6449-6e6f-744e-656564454649",
  esp: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  root: "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
  linux: "0fc63daf-8483-4772-8e79-3d69d8477de4",
} as const;

const ESP_MIB = 128;
const ROOT_MIB = 4096;
/** Below this an access log of one busy day would not fit. */
const LEAST_LOG_MIB = 512;

/** The four partitions on a disk of whole GiB. @throws PosternError `input.disk-size` when it is too small. */
export function diskLayout(sizeGiB: number, ids: DiskIds, sectorSize: SectorSize = 512): DiskLayout {
  const size = sizeGiB * GIB;
  const sectors = size / sectorSize;
  const rootStart = 2 + ESP_MIB;
  const logStart = rootStart + ROOT_MIB;
  const logMiB =
    Math.floor(((usableSectors({ sectorSize, sectors }).last + 1) * sectorSize) / MIB) - logStart;
  if (!Number.isSafeInteger(sizeGiB) || logMiB < LEAST_LOG_MIB) {
    const least = Math.ceil((logStart + LEAST_LOG_MIB + 1) / 1024);
    throw new PosternError({
      code: "input.disk-size",
      message: `disk.size: expected a whole number of GiB, ${least} or more; got ${sizeGiB}`,
      hint: `Set disk.size to ${least} or more in the recipe.`,
    });
  }
  const biosBoot = place(1, 1);
  const esp = place(2, ESP_MIB);
  const root = place(rootStart, ROOT_MIB);
  const log = place(logStart, logMiB);
  const entry = (type: string, id: string, name: string, { offset, size: bytes }: Place) => {
    return { type, id, name, first: offset / sectorSize, last: (offset + bytes) / sectorSize - 1 };
  };
  const partitions = [
    entry(TYPE.biosBoot, ids.biosBoot, "bios-boot", biosBoot),
    entry(TYPE.esp, ids.esp, "esp", esp),
    entry(TYPE.root, ids.root, "postern-root", root),
    entry(TYPE.linux, ids.log, "postern-log", log),
  ];
  return { size, gpt: { disk: ids.disk, sectorSize, sectors, partitions }, biosBoot, esp, root, log };
}

function place(startMiB: number, sizeMiB: number): Place {
  return { offset: startMiB * MIB, size: sizeMiB * MIB };
}
