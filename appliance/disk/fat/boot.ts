import type { FatGeometry } from "./geometry.ts";

/** What the boot sector says beside the geometry. */
export interface VolumeFields {
  serial: number;
  /** 11 bytes. */
  label: Buffer;
  /** Sectors before the file system on its disk. */
  hiddenSectors: number;
}

const MEDIA = 0xf8;
const EXTENDED_SIGNATURE = 0x29;
/** Many readers look for this name, says Microsoft's FAT specification 1.03, page 9. */
const SYSTEM_NAME = "MSWIN4.1";
/** INT 18h (tell the BIOS to try the next device), then stay. */
const BOOT_CODE = [0xcd, 0x18, 0xeb, 0xfe] as const;
export const INFO_SECTOR = 1;
export const BACKUP_SECTOR = 6;
export const ROOT_CLUSTER = 2;

/** The boot sector (Microsoft's FAT specification 1.03, pages 9 to 12). */
export function bootSector(geometry: FatGeometry, fields: VolumeFields): Buffer {
  const { type, sectors } = geometry;
  const sector = Buffer.alloc(geometry.sectorSize);
  const code = type === 32 ? 90 : 62;
  sector.set([0xeb, code - 2, 0x90], 0);
  sector.write(SYSTEM_NAME, 3, "latin1");
  sector.writeUInt16LE(geometry.sectorSize, 11);
  sector.writeUInt8(geometry.clusterSectors, 13);
  sector.writeUInt16LE(geometry.reserved, 14);
  sector.writeUInt8(2, 16);
  sector.writeUInt16LE(geometry.rootEntries, 17);
  const fits16 = type !== 32 && sectors < 0x10000;
  sector.writeUInt16LE(fits16 ? sectors : 0, 19);
  sector.writeUInt8(MEDIA, 21);
  sector.writeUInt16LE(type === 32 ? 0 : geometry.tableSectors, 22);
  sector.writeUInt16LE(63, 24);
  sector.writeUInt16LE(255, 26);
  sector.writeUInt32LE(fields.hiddenSectors, 28);
  sector.writeUInt32LE(fits16 ? 0 : sectors, 32);
  if (type === 32) {
    sector.writeUInt32LE(geometry.tableSectors, 36);
    sector.writeUInt32LE(ROOT_CLUSTER, 44);
    sector.writeUInt16LE(INFO_SECTOR, 48);
    sector.writeUInt16LE(BACKUP_SECTOR, 50);
  }
  const tail = type === 32 ? 64 : 36;
  sector.writeUInt8(0x80, tail);
  sector.writeUInt8(EXTENDED_SIGNATURE, tail + 2);
  sector.writeUInt32LE(fields.serial, tail + 3);
  fields.label.copy(sector, tail + 7);
  sector.write(`FAT${type}`.padEnd(8), tail + 18, "latin1");
  sector.set(BOOT_CODE, code);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** FAT32's count of free clusters and the hint where to look next. */
export function infoSector(geometry: FatGeometry, usedClusters: number): Buffer {
  const sector = Buffer.alloc(geometry.sectorSize);
  sector.writeUInt32LE(0x41615252, 0);
  sector.writeUInt32LE(0x61417272, 484);
  sector.writeUInt32LE(geometry.clusters - usedClusters, 488);
  sector.writeUInt32LE(ROOT_CLUSTER + usedClusters, 492);
  sector.writeUInt32LE(0xaa550000, 508);
  return sector;
}

/** The last two bytes of a sector that only marks the boot area's third part. */
export function emptyBootSector(geometry: FatGeometry): Buffer {
  const sector = Buffer.alloc(geometry.sectorSize);
  sector.writeUInt32LE(0xaa550000, 508);
  return sector;
}
