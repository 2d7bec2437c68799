import { crc32 } from "./crc32.ts";
import { guidBytes } from "./ids.ts";

/** 512 now; 4096 is for disks with 4 KiB sectors, whose tables lie elsewhere. */
export type SectorSize = 512 | 4096;

export interface GptPartition {
  /** Type GUID. */
  type: string;
  /** Its own GUID. */
  id: string;
  /** At most 36 UTF-16 units. */
  name: string;
  /** First and last sector, both included. */
  first: number;
  last: number;
}

export interface Gpt {
  disk: string;
  sectorSize: SectorSize;
  /** Size of the disk in sectors. */
  sectors: number;
  partitions: readonly GptPartition[];
}

/** What stands at the start of the disk (MBR, header, entries) and at its end (entries, header). */
export interface GptBytes {
  start: Buffer;
  end: Buffer;
  /** Where `end` goes, in bytes. */
  endOffset: number;
}

/** UEFI specification 2.10, section 5.3. */
export const SIGNATURE = "EFI PART";
export const REVISION = 0x00010000;
export const HEADER_SIZE = 92;
export const ENTRY_SIZE = 128;
export const ENTRIES = 128;
const NAME_BYTES = 72;

/** Sectors that the partition entries take. */
export function entrySectors(sectorSize: SectorSize, entries = ENTRIES): number {
  return Math.ceil((entries * ENTRY_SIZE) / sectorSize);
}

/** First and last sector that a partition may use. */
export function usableSectors(
  gpt: Pick<Gpt, "sectorSize" | "sectors">,
  entries = ENTRIES,
): { first: number; last: number } {
  const table = entrySectors(gpt.sectorSize, entries);
  return { first: 2 + table, last: gpt.sectors - table - 2 };
}

/** The bytes of a GUID partition table with its protective MBR. @throws RangeError for a table that cannot be. */
export function gptBytes(gpt: Gpt): GptBytes {
  checkPartitions(gpt);
  const { sectorSize, sectors } = gpt;
  const table = entrySectors(sectorSize);
  const entries = entryBytes(gpt);
  const start = Buffer.alloc((2 + table) * sectorSize);
  protectiveMbr(sectors).copy(start);
  headerBytes(gpt, entries, { own: 1, other: sectors - 1, table: 2 }).copy(start, sectorSize);
  entries.copy(start, 2 * sectorSize);
  const end = Buffer.alloc((table + 1) * sectorSize);
  entries.copy(end);
  const second = { own: sectors - 1, other: 1, table: sectors - 1 - table };
  headerBytes(gpt, entries, second).copy(end, entries.length);
  return { start, end, endOffset: second.table * sectorSize };
}

/** One partition of type 0xEE over the whole disk (UEFI specification 2.10, table 5.4). */
function protectiveMbr(sectors: number): Buffer {
  const mbr = Buffer.alloc(512);
  const entry = 0x1be;
  mbr.set([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], entry);
  mbr.writeUInt32LE(1, entry + 8);
  mbr.writeUInt32LE(Math.min(sectors - 1, 0xffffffff), entry + 12);
  mbr.writeUInt16LE(0xaa55, 510);
  return mbr;
}

function headerBytes(gpt: Gpt, entries: Buffer, at: { own: number; other: number; table: number }): Buffer {
  const usable = usableSectors(gpt);
  const header = Buffer.alloc(HEADER_SIZE);
  header.write(SIGNATURE, 0, "latin1");
  header.writeUInt32LE(REVISION, 8);
  header.writeUInt32LE(HEADER_SIZE, 12);
  header.writeBigUInt64LE(BigInt(at.own), 24);
  header.writeBigUInt64LE(BigInt(at.other), 32);
  header.writeBigUInt64LE(BigInt(usable.first), 40);
  header.writeBigUInt64LE(BigInt(usable.last), 48);
  guidBytes(gpt.disk).copy(header, 56);
  header.writeBigUInt64LE(BigInt(at.table), 72);
  header.writeUInt32LE(ENTRIES, 80);
  header.writeUInt32LE(ENTRY_SIZE, 84);
  header.writeUInt32LE(crc32(entries), 88);
  header.writeUInt32LE(crc32(header), 16);
  return header;
}

function entryBytes(gpt: Gpt): Buffer {
  const bytes = Buffer.alloc(ENTRIES * ENTRY_SIZE);
  gpt.partitions.forEach((partition, index) => {
    const entry = bytes.subarray(index * ENTRY_SIZE, (index + 1) * ENTRY_SIZE);
    guidBytes(partition.type).copy(entry, 0);
    guidBytes(partition.id).copy(entry, 16);
    entry.writeBigUInt64LE(BigInt(partition.first), 32);
    entry.writeBigUInt64LE(BigInt(partition.last), 40);
    entry.write(partition.name, 56, NAME_BYTES, "utf16le");
  });
  return bytes;
}

function checkPartitions(gpt: Gpt): void {
  const usable = usableSectors(gpt);
  if (gpt.partitions.length > ENTRIES) throw new RangeError(`more than ${ENTRIES} partitions`);
  let next = usable.first;
  for (const { name, first, last } of gpt.partitions) {
    if (name.length * 2 > NAME_BYTES) throw new RangeError(`partition name too long: ${name}`);
    if (first < next || last < first || last > usable.last) {
      throw new RangeError(
        `partition ${name} (${first} to ${last}) does not fit from ${next} to ${usable.last}`,
      );
    }
    next = last + 1;
  }
}
