import { PosternError } from "../error.ts";
import { type Extent, roundUp } from "./bytes.ts";
import type { Place } from "./layout.ts";

const SECTOR = 512;
/** Offsets in boot.img, from GRUB's include/grub/i386/pc/boot.h. */
const KERNEL_SECTOR = 0x5c;
const DRIVE_CHECK = 0x66;
/** Disk signature and partition table: they stay as the protective MBR has them. */
const KEPT_FROM = 0x1b8;
/** The last block list entry in core.img's first sector: start u64, sectors u16, segment u16. */
const BLOCK_LIST = SECTOR - 12;
/** The core's own code loads the rest at 0x8200, which is this segment. */
const SEGMENT = 0x0820;
const SHORT_JUMP = 0xeb;
const NOP = 0x90;

export interface BiosOptions {
  /** The first sector of the disk as the partition table wants it. */
  mbr: Buffer;
  bootImg: Buffer;
  coreImg: Buffer;
  /** The BIOS boot partition, in bytes. BIOS disks have sectors of 512 bytes. */
  partition: Place;
}

/**
 * GRUB for BIOS without grub-install: boot.img in the MBR knows where core.img starts, core.img's first sector
 * knows where its rest is.
 *
 * @throws PosternError `artifact.grub` when an image is not GRUB's or does not fit.
 */
export function biosSectors({ mbr, bootImg, coreImg, partition }: BiosOptions): Extent[] {
  if (bootImg.length !== SECTOR || bootImg.readUInt16LE(SECTOR - 2) !== 0xaa55) {
    throw grubError("boot.img is not a boot sector of 512 bytes");
  }
  if (coreImg.length <= SECTOR) throw grubError(`core.img has only ${coreImg.length} bytes`);
  if (coreImg.length > partition.size) {
    throw grubError(`core.img has ${coreImg.length} bytes, the BIOS boot partition only ${partition.size}`);
  }
  const first = partition.offset / SECTOR;
  return [
    { offset: 0, bytes: bootSector(mbr, bootImg, first) },
    { offset: partition.offset, bytes: coreSectors(coreImg, first) },
  ];
}

function bootSector(mbr: Buffer, bootImg: Buffer, coreSector: number): Buffer {
  const sector = Buffer.concat([bootImg.subarray(0, KEPT_FROM), mbr.subarray(KEPT_FROM, SECTOR)]);
  sector.writeBigUInt64LE(BigInt(coreSector), KERNEL_SECTOR);
  // Some BIOSes hand over a wrong drive number; without this jump GRUB takes the first hard disk then.
  if (sector.readUInt8(DRIVE_CHECK) === SHORT_JUMP) sector.fill(NOP, DRIVE_CHECK, DRIVE_CHECK + 2);
  return sector;
}

function coreSectors(coreImg: Buffer, coreSector: number): Buffer {
  const core = Buffer.alloc(roundUp(coreImg.length, SECTOR));
  coreImg.copy(core);
  core.writeBigUInt64LE(BigInt(coreSector + 1), BLOCK_LIST);
  core.writeUInt16LE(core.length / SECTOR - 1, BLOCK_LIST + 8);
  core.writeUInt16LE(SEGMENT, BLOCK_LIST + 10);
  return core;
}

function grubError(message: string): PosternError {
  return new PosternError({
    code: "artifact.grub",
    message,
    hint: "Make core.img with the tree's own grub-mkimage and fewer modules.",
  });
}
