import { type ByteSource, isZero } from "../../../appliance/disk/bytes.ts";
import { type Check, check, differences, problemsOf } from "../check.ts";
import { LARGEST_DISK } from "../format.ts";
import { type ContentIds, readDescriptor } from "./descriptor-read.ts";
import {
  COMPRESSION_DEFLATE,
  DESCRIPTOR_SECTOR,
  DESCRIPTOR_SECTORS,
  FIELD,
  FLAGS,
  GRAIN,
  GRAIN_SECTORS,
  MAGIC,
  NEWLINES,
  SECTOR,
  TABLE_ENTRIES,
  TABLE_SECTORS,
  VERSION,
  type VmdkLayout,
  vmdkLayout,
} from "./layout.ts";

/** What stands before the grains. */
export interface VmdkTables {
  layout: VmdkLayout;
  /** Bytes of the disk inside. */
  size: number;
  /** Sector of each grain; 0 for one that is all zero. */
  grains: Uint32Array;
  /** Bytes of the grains that are there: OVF's populatedSize. */
  populated: number;
  /** As the descriptor has them. */
  ids: ContentIds;
}

export interface TablesReading {
  /** None when the header cannot be trusted. */
  tables?: VmdkTables;
  checks: readonly Check[];
  problems: readonly string[];
}

/** Reads and checks header, descriptor and tables. */
export async function readTables(file: ByteSource): Promise<TablesReading> {
  const header = await readHeader(file);
  const checks = [check("VMDK: header", header.problems)];
  const { layout, size } = header;
  if (layout === undefined) return { checks, problems: problemsOf(checks) };
  const area = await file.read(DESCRIPTOR_SECTOR * SECTOR, DESCRIPTOR_SECTORS * SECTOR);
  const { ids, problems } = readDescriptor(area, layout);
  checks.push(check("VMDK: descriptor", problems));
  const start = layout.directory * SECTOR;
  const bytes = await file.read(start, layout.overhead * SECTOR - start);
  checks.push(check("VMDK: grain directory and tables", tableProblems(bytes, layout)));
  const grains = grainsOf(bytes, layout);
  const populated = grains.filter((sector) => sector !== 0).length * GRAIN;
  return { tables: { layout, size, grains, populated, ids }, checks, problems: problemsOf(checks) };
}

interface Header {
  /** None when nothing behind the header can be found by it. */
  layout?: VmdkLayout;
  size: number;
  problems: string[];
}

async function readHeader(file: ByteSource): Promise<Header> {
  const none = (problem: string): Header => ({ size: 0, problems: [problem] });
  if (file.size < 2 * SECTOR || file.size % SECTOR !== 0) return none(`${file.size} bytes are no VMDK`);
  const header = await file.read(0, SECTOR);
  if (header.readUInt32LE(FIELD.magic) !== MAGIC) return none("no VMDK header");
  const size = Number(header.readBigUInt64LE(FIELD.capacity)) * SECTOR;
  if (size === 0 || size % GRAIN !== 0 || size > LARGEST_DISK) return none(`a capacity of ${size} bytes`);
  const layout = vmdkLayout(size);
  const problems = [...headerProblems(header, layout)];
  if ((layout.overhead + 1) * SECTOR <= file.size) return { layout, size, problems };
  return { size, problems: [...problems, "the file is cut off before the first grain"] };
}

function* headerProblems(header: Buffer, layout: VmdkLayout): Generator<string> {
  const long = (at: number): number => Number(header.readBigUInt64LE(at));
  yield* differences([
    ["version", header.readUInt32LE(FIELD.version), VERSION],
    ["flags", header.readUInt32LE(FIELD.flags), FLAGS],
    ["grain size", long(FIELD.grainSize), GRAIN_SECTORS],
    ["descriptor's sector", long(FIELD.descriptorOffset), DESCRIPTOR_SECTOR],
    ["descriptor's size", long(FIELD.descriptorSize), DESCRIPTOR_SECTORS],
    ["entries of a table", header.readUInt32LE(FIELD.tableEntries), TABLE_ENTRIES],
    ["redundant directory", long(FIELD.redundantDirectory), 0],
    ["directory's sector", long(FIELD.directory), layout.directory],
    ["overhead", long(FIELD.overhead), layout.overhead],
    ["unclean shutdown", header.readUInt8(FIELD.unclean), 0],
    ["newline test", header.readUInt32BE(FIELD.newlines), Buffer.from(NEWLINES).readUInt32BE(0)],
    ["compression", header.readUInt16LE(FIELD.compression), COMPRESSION_DEFLATE],
  ]);
  if (!isZero(header.subarray(FIELD.compression + 2))) yield "bytes behind its last field";
}

function* tableProblems(bytes: Buffer, layout: VmdkLayout): Generator<string> {
  for (let number = 0; number < layout.tables; number++) {
    const should = layout.firstTable + number * TABLE_SECTORS;
    if (bytes.readUInt32LE(number * 4) !== should) yield `directory: table ${number} is elsewhere`;
  }
  const start = firstTableOf(layout);
  if (!isZero(bytes.subarray(layout.tables * 4, start))) yield "directory: entries behind the last table";
  if (!isZero(bytes.subarray(start + layout.grains * 4))) yield "tables: entries behind the disk's end";
}

function grainsOf(bytes: Buffer, layout: VmdkLayout): Uint32Array {
  const start = firstTableOf(layout);
  return Uint32Array.from({ length: layout.grains }, (_, index) => bytes.readUInt32LE(start + index * 4));
}

/** Where the first table stands behind the directory, in bytes. */
function firstTableOf(layout: VmdkLayout): number {
  return (layout.firstTable - layout.directory) * SECTOR;
}
