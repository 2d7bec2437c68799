import { type ByteSource, isZero } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import {
  ENTRIES,
  ENTRY_SIZE,
  entrySectors,
  type Gpt,
  type GptPartition,
  HEADER_SIZE,
  REVISION,
  type SectorSize,
  SIGNATURE,
  usableSectors,
} from "./gpt.ts";
import { guidText } from "./ids.ts";

/** A table that was read, and everything wrong with it. No table when its first header cannot be trusted. */
export interface GptReading {
  gpt?: Gpt;
  problems: string[];
}

/** Bytes of boot code, which is data to whoever reads the table. */
const MBR_CODE = 440;
const UNUSED = "00000000-0000-0000-0000-000000000000";

export interface GptKind {
  /** Entries that the table has; ours have 128, the table of an ISO more. */
  count?: number;
  /** The MBR's other partitions are of no concern: an ISO has one that old firmware wants. */
  hybrid?: boolean;
}

/** Reads and checks a disk's partition table: protective MBR, both headers, both copies of the entries. */
export async function readGpt(
  disk: ByteSource,
  sectorSize: SectorSize = 512,
  { count = ENTRIES, hybrid = false }: GptKind = {},
): Promise<GptReading> {
  const sectors = disk.size / sectorSize;
  const table = entrySectors(sectorSize, count);
  if (!Number.isInteger(sectors) || sectors < 2 * (table + 2)) {
    return { problems: [`a disk of ${disk.size} bytes cannot hold a GPT`] };
  }
  const start = await disk.read(0, (2 + table) * sectorSize);
  const end = await disk.read((sectors - 1 - table) * sectorSize, (table + 1) * sectorSize);
  const problems = mbrProblems(start, sectors);
  if (!hybrid) problems.push(...strictMbrProblems(start));
  const shape = { sectorSize, sectors, count };
  const entries = start.subarray(2 * sectorSize, 2 * sectorSize + count * ENTRY_SIZE);
  const header = start.subarray(sectorSize, 2 * sectorSize);
  const backup = end.subarray(table * sectorSize);
  const first = headerProblems(header, entries, shape, { own: 1, other: sectors - 1, table: 2 });
  const second = { own: sectors - 1, other: 1, table: sectors - 1 - table };
  problems.push(...first.map((text) => `first header: ${text}`));
  const backupEntries = end.subarray(0, count * ENTRY_SIZE);
  problems.push(
    ...headerProblems(backup, backupEntries, shape, second).map((text) => `second header: ${text}`),
  );
  if (!entries.equals(backupEntries)) problems.push("the two copies of the entries differ");
  if (first.length > 0) return { problems };
  const partitions = partitionsOf(entries);
  problems.push(...placeProblems(partitions, usableSectors(shape, count)));
  return { gpt: { sectorSize, sectors, disk: guidText(header.subarray(56, 72)), partitions }, problems };
}

function mbrProblems(start: Buffer, sectors: number): string[] {
  const problems: string[] = [];
  if (start.readUInt16LE(510) !== 0xaa55) problems.push("MBR: no 55 AA at its end");
  if (start.readUInt8(0x1be + 4) !== 0xee) problems.push("MBR: the first partition is not protective (EE)");
  if (start.readUInt32LE(0x1be + 8) !== 1)
    problems.push("MBR: the protective partition does not start at sector 1");
  if (start.readUInt32LE(0x1be + 12) !== Math.min(sectors - 1, 0xffffffff)) {
    problems.push("MBR: the protective partition does not cover the disk");
  }
  return problems;
}

/** What an MBR has that protects a GPT and is nothing else. */
function strictMbrProblems(start: Buffer): string[] {
  const problems: string[] = [];
  // Not active, and cylinders as UEFI's table 5.4 has them for a disk of any size.
  const ends = Buffer.concat([start.subarray(0x1be, 0x1c2), start.subarray(0x1c3, 0x1c6)]);
  if (ends.toString("hex") !== "00000200ffffff")
    problems.push("MBR: flags or ends of the protective partition");
  if (!isZero(start.subarray(0x1ce, 510))) problems.push("MBR: more than one partition");
  if (!isZero(start.subarray(MBR_CODE, 0x1be)))
    problems.push("MBR: bytes between its code and its partitions");
  return problems;
}

function headerProblems(
  sector: Buffer,
  entries: Buffer,
  shape: Pick<Gpt, "sectorSize" | "sectors"> & { count: number },
  at: { own: number; other: number; table: number },
): string[] {
  const header = sector.subarray(0, HEADER_SIZE);
  if (header.toString("latin1", 0, 8) !== SIGNATURE) return ["no signature"];
  const problems: string[] = [];
  if (!isZero(sector.subarray(HEADER_SIZE))) problems.push("bytes behind its last field");
  const zeroed = Buffer.from(header);
  zeroed.writeUInt32LE(0, 16);
  if (crc32(zeroed) !== header.readUInt32LE(16)) problems.push("wrong CRC");
  if (crc32(entries) !== header.readUInt32LE(88)) problems.push("wrong CRC of the entries");
  const usable = usableSectors(shape, shape.count);
  const wanted: [string, number, number][] = [
    ["revision", header.readUInt32LE(8), REVISION],
    ["header size", header.readUInt32LE(12), HEADER_SIZE],
    ["own sector", sectorAt(header, 24), at.own],
    ["other header's sector", sectorAt(header, 32), at.other],
    ["first usable sector", sectorAt(header, 40), usable.first],
    ["last usable sector", sectorAt(header, 48), usable.last],
    ["entries' sector", sectorAt(header, 72), at.table],
    ["number of entries", header.readUInt32LE(80), shape.count],
    ["entry size", header.readUInt32LE(84), ENTRY_SIZE],
  ];
  for (const [name, is, should] of wanted)
    if (is !== should) problems.push(`${name} is ${is}, not ${should}`);
  return problems;
}

function partitionsOf(entries: Buffer): GptPartition[] {
  const partitions: GptPartition[] = [];
  for (let at = 0; at < entries.length; at += ENTRY_SIZE) {
    const entry = entries.subarray(at, at + ENTRY_SIZE);
    const type = guidText(entry.subarray(0, 16));
    if (type === UNUSED) continue;
    const name = entry.toString("utf16le", 56, ENTRY_SIZE).replace(/\0.*$/s, "");
    const id = guidText(entry.subarray(16, 32));
    partitions.push({ type, id, name, first: sectorAt(entry, 32), last: sectorAt(entry, 40) });
  }
  return partitions;
}

function placeProblems(
  partitions: readonly GptPartition[],
  usable: { first: number; last: number },
): string[] {
  const problems: string[] = [];
  let next = usable.first;
  for (const { name, first, last } of [...partitions].sort((a, b) => a.first - b.first)) {
    if (first < next || last < first) problems.push(`partition ${name} overlaps or ends before it starts`);
    if (last > usable.last) problems.push(`partition ${name} ends after the last usable sector`);
    next = Math.max(next, last + 1);
  }
  return problems;
}

function sectorAt(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64LE(offset));
}
