import { type ByteSource, isZero } from "../../../appliance/disk/bytes.ts";
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
}

const LARGEST_DISK = 2 ** 50;

/** Reads and checks header, descriptor and tables. No tables when the header cannot be trusted. */
export async function readTables(file: ByteSource): Promise<{ tables?: VmdkTables; problems: string[] }> {
  if (file.size < 2 * SECTOR || file.size % SECTOR !== 0)
    return { problems: [`${file.size} bytes are no VMDK`] };
  const header = await file.read(0, SECTOR);
  if (header.readUInt32LE(FIELD.magic) !== MAGIC) return { problems: ["no VMDK header"] };
  const size = Number(header.readBigUInt64LE(FIELD.capacity)) * SECTOR;
  if (size === 0 || size % GRAIN !== 0 || size > LARGEST_DISK)
    return { problems: [`a capacity of ${size} bytes`] };
  const layout = vmdkLayout(size);
  const problems = headerProblems(header, layout);
  if ((layout.overhead + 1) * SECTOR > file.size) problems.push("cut off before the first grain");
  if (problems.length > 0) return { problems };
  const text = await file.read(DESCRIPTOR_SECTOR * SECTOR, DESCRIPTOR_SECTORS * SECTOR);
  problems.push(...descriptorProblems(text.toString("latin1").replace(/\0+$/, ""), layout));
  const grains = await readTable(file, layout, problems);
  const populated = grains.filter((sector) => sector !== 0).length * GRAIN;
  return { tables: { layout, size, grains, populated }, problems };
}

function headerProblems(header: Buffer, layout: VmdkLayout): string[] {
  const long = (at: number): number => Number(header.readBigUInt64LE(at));
  const wanted: [string, number, number][] = [
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
  ];
  const problems = wanted
    .filter(([, is, should]) => is !== should)
    .map(([name, is, should]) => `header: ${name} is ${is}, not ${should}`);
  if (!isZero(header.subarray(FIELD.compression + 2))) problems.push("header: bytes behind its last field");
  return problems;
}

function descriptorProblems(text: string, layout: VmdkLayout): string[] {
  const wanted: [string, RegExp][] = [
    ["first line", /^# Disk DescriptorFile\n/],
    ["CID", /^CID=(?!f{8}$)[0-9a-f]{8}$/m],
    ["parentCID", /^parentCID=ffffffff$/m],
    ["createType", /^createType="streamOptimized"$/m],
    ["extent", new RegExp(`^RW ${layout.capacity} SPARSE "[^"]+"$`, "m")],
    ["adapter", /^ddb\.adapterType = "lsilogic"$/m],
    ["longContentID", /^ddb\.longContentID = "[0-9a-f]{32}"$/m],
  ];
  return wanted.filter(([, pattern]) => !pattern.test(text)).map(([name]) => `descriptor: ${name}`);
}

async function readTable(file: ByteSource, layout: VmdkLayout, problems: string[]): Promise<Uint32Array> {
  const start = layout.directory * SECTOR;
  const bytes = await file.read(start, layout.overhead * SECTOR - start);
  for (let number = 0; number < layout.tables; number++) {
    const should = layout.firstTable + number * TABLE_SECTORS;
    if (bytes.readUInt32LE(number * 4) !== should) problems.push(`directory: table ${number} is elsewhere`);
  }
  const padding = bytes.subarray(layout.tables * 4, (layout.firstTable - layout.directory) * SECTOR);
  if (!isZero(padding)) problems.push("directory: entries behind the last table");
  const tables = bytes.subarray((layout.firstTable - layout.directory) * SECTOR);
  const table = new Uint32Array(layout.grains);
  table.forEach((_, index) => {
    table[index] = tables.readUInt32LE(index * 4);
  });
  if (!isZero(tables.subarray(layout.grains * 4))) problems.push("tables: entries behind the disk's end");
  return table;
}
