import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { type ByteSource, isZero } from "../../disk/bytes.ts";
import type { ContainerReading } from "../format.ts";
import {
  COMPRESSION_DEFLATE,
  DESCRIPTOR_SECTOR,
  DESCRIPTOR_SECTORS,
  FIELD,
  FLAGS,
  GRAIN,
  GRAIN_SECTORS,
  MAGIC,
  MARKER,
  NEWLINES,
  SECTOR,
  TABLE_ENTRIES,
  TABLE_SECTORS,
  VERSION,
  type VmdkLayout,
  vmdkLayout,
} from "./layout.ts";

export interface VmdkReading extends ContainerReading {
  /** Bytes of the grains that are there: OVF's populatedSize. */
  populated: number;
}

const inflateGrain = promisify(inflate);
const LARGEST_DISK = 2 ** 50;

/**
 * Reads and checks a streamOptimized VMDK from its first byte to its last: header, descriptor, tables, every grain
 * in ascending order and without a gap, and exactly one empty sector at the end, which qemu-img does not check.
 */
export async function readVmdk(file: ByteSource): Promise<VmdkReading> {
  if (file.size < 2 * SECTOR || file.size % SECTOR !== 0) {
    return { populated: 0, problems: [`${file.size} bytes are no VMDK`] };
  }
  const header = await file.read(0, SECTOR);
  const size = Number(header.readBigUInt64LE(FIELD.capacity)) * SECTOR;
  if (header.readUInt32LE(FIELD.magic) !== MAGIC) return { populated: 0, problems: ["no VMDK header"] };
  if (size === 0 || size % GRAIN !== 0 || size > LARGEST_DISK) {
    return { populated: 0, problems: [`a capacity of ${size} bytes`] };
  }
  const layout = vmdkLayout(size);
  const problems = headerProblems(header, layout);
  if ((layout.overhead + 1) * SECTOR > file.size) problems.push("cut off before the first grain");
  if (problems.length > 0) return { populated: 0, problems };
  const text = await file.read(DESCRIPTOR_SECTOR * SECTOR, DESCRIPTOR_SECTORS * SECTOR);
  problems.push(...descriptorProblems(text.toString("latin1").replace(/\0+$/, ""), layout));
  const table = await readTable(file, layout, problems);
  problems.push(...(await grainProblems(file, layout, table)));
  const populated = table.filter((sector) => sector !== 0).length * GRAIN;
  return { disk: diskOf(file, size, table), populated, problems };
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
  const tables = bytes.subarray((layout.firstTable - layout.directory) * SECTOR);
  const table = new Uint32Array(layout.grains);
  table.forEach((_, index) => {
    table[index] = tables.readUInt32LE(index * 4);
  });
  if (!isZero(tables.subarray(layout.grains * 4))) problems.push("tables: entries behind the disk's end");
  return table;
}

/** Follows the grains through the file; the table must name each of them, and nothing else may be there. */
async function grainProblems(file: ByteSource, layout: VmdkLayout, table: Uint32Array): Promise<string[]> {
  let next = layout.overhead;
  for (const [index, sector] of table.entries()) {
    if (sector === 0) continue;
    const what = `grain ${index}`;
    if (sector !== next) return [`${what}: at sector ${sector}, expected at ${next}`];
    if ((sector + 1) * SECTOR > file.size) return [`${what}: behind the file's end`];
    const marker = await file.read(sector * SECTOR, MARKER);
    const length = marker.readUInt32LE(8);
    if (Number(marker.readBigUInt64LE(0)) !== index * GRAIN_SECTORS)
      return [`${what}: its marker names another`];
    next = sector + Math.ceil((MARKER + length) / SECTOR);
    if (length === 0 || next * SECTOR > file.size) return [`${what}: ${length} bytes`];
    const padded = await file.read(sector * SECTOR + MARKER, (next - sector) * SECTOR - MARKER);
    if (!isZero(padded.subarray(length))) return [`${what}: bytes behind its data`];
    const grain = await inflateGrain(padded.subarray(0, length), { maxOutputLength: GRAIN }).catch(
      () => undefined,
    );
    if (grain?.length !== GRAIN) return [`${what}: does not inflate to ${GRAIN} bytes`];
    if (isZero(grain)) return [`${what}: is all zero and should not be there`];
  }
  const rest = file.size - next * SECTOR;
  if (rest !== SECTOR) return [`${rest} bytes behind the last grain, expected one empty sector`];
  return isZero(await file.read(next * SECTOR, SECTOR)) ? [] : ["the last sector is not empty"];
}

function diskOf(file: ByteSource, size: number, table: Uint32Array): ByteSource {
  async function grainAt(index: number): Promise<Buffer> {
    const sector = table[index] ?? 0;
    if (sector === 0) return Buffer.alloc(GRAIN);
    const length = (await file.read(sector * SECTOR + 8, 4)).readUInt32LE(0);
    return inflateGrain(await file.read(sector * SECTOR + MARKER, length), { maxOutputLength: GRAIN });
  }
  return {
    size,
    async read(offset, length) {
      if (offset < 0 || offset + length > size) throw new RangeError("read past the end of the disk");
      const pieces: Buffer[] = [];
      for (let at = offset; at < offset + length; ) {
        const within = at % GRAIN;
        const piece = (await grainAt(Math.floor(at / GRAIN))).subarray(within, within + offset + length - at);
        pieces.push(piece);
        at += piece.length;
      }
      return Buffer.concat(pieces);
    },
  };
}
