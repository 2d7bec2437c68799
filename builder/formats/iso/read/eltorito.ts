import type { ByteSource } from "../../../../appliance/disk/bytes.ts";
import { BLOCK } from "./directory.ts";

/** What a firmware is told to load. */
export interface BootEntry {
  /** In bytes from the start of the medium. */
  offset: number;
  /** In sectors of 512 bytes. */
  sectors: number;
}

export interface BootCatalog {
  bios: BootEntry;
  uefi: BootEntry;
}

/** El Torito specification 1.0, section 2; the platform of UEFI is in the UEFI specification, 13.3.2.1. */
const ENTRY = 32;
const PLATFORM = { bios: 0, uefi: 0xef } as const;
const BOOTABLE = 0x88;
const LAST_HEADER = 0x91;

/** Reads a boot catalogue of two entries. @throws RangeError for any other. */
export async function readBootCatalog(medium: ByteSource, offset: number): Promise<BootCatalog> {
  const bytes = await medium.read(offset, BLOCK);
  const at = (index: number): Buffer => bytes.subarray(index * ENTRY, (index + 1) * ENTRY);
  const [validation, bios, header, uefi] = [at(0), at(1), at(2), at(3)];
  if (validation.readUInt8(0) !== 1 || validation.readUInt16LE(30) !== 0xaa55 || sumOf(validation) !== 0) {
    throw new RangeError("its validation entry is wrong");
  }
  if (validation.readUInt8(1) !== PLATFORM.bios) throw new RangeError("its first entry is not for BIOS");
  const isLast = header.readUInt8(0) === LAST_HEADER && header.readUInt16LE(2) === 1;
  if (!isLast || header.readUInt8(1) !== PLATFORM.uefi)
    throw new RangeError("its second section is not one entry for UEFI");
  return { bios: entryOf(bios, "BIOS"), uefi: entryOf(uefi, "UEFI") };
}

function entryOf(bytes: Buffer, name: string): BootEntry {
  if (bytes.readUInt8(0) !== BOOTABLE) throw new RangeError(`its entry for ${name} is not bootable`);
  if (bytes.readUInt8(1) !== 0) throw new RangeError(`its entry for ${name} asks for an emulation`);
  if (bytes.readUInt16LE(2) !== 0) throw new RangeError(`its entry for ${name} has a load segment`);
  return { offset: bytes.readUInt32LE(8) * BLOCK, sectors: bytes.readUInt16LE(6) };
}

/** All 16-bit words of a validation entry add up to 0. */
function sumOf(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < ENTRY; at += 2) sum += bytes.readUInt16LE(at);
  return sum % 0x10000;
}
