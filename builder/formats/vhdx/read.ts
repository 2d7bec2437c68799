import { type ByteSource, isZero } from "../../../appliance/disk/bytes.ts";
import { crc32c } from "../../../appliance/disk/crc32.ts";
import { guidText } from "../../../appliance/disk/ids.ts";
import type { ContainerReading } from "../format.ts";
import {
  BAT_OFFSET,
  BLOCK,
  entryOf,
  HEADER,
  HEADERS,
  IDENTIFIER,
  ITEM,
  LOG,
  LOGICAL_SECTOR,
  METADATA,
  MIB,
  PHYSICAL_SECTOR,
  REGION,
  REGION_TABLE,
  REGION_TABLES,
  STATE,
  vhdxLayout,
} from "./layout.ts";
import { readMetadata } from "./metadata.ts";

/** VHDX's own limit. */
const LARGEST_DISK = 64 * 2 ** 40;
const STATE_BITS = 0b111n;
const OFFSET_BITS = ~0xfffffn;

/**
 * Reads and checks a VHDX as `writeVhdx` lays it out: both headers and region tables with their CRC-32C, a log with
 * nothing to replay, the metadata, and an allocation table whose blocks follow each other to the file's end.
 */
export async function readVhdx(file: ByteSource): Promise<ContainerReading> {
  if (file.size < BAT_OFFSET + MIB || file.size % MIB !== 0) {
    return { problems: [`${file.size} bytes are no VHDX`] };
  }
  const head = await file.read(0, MIB);
  if (head.toString("latin1", 0, 8) !== IDENTIFIER.signature) return { problems: ["no VHDX signature"] };
  const problems = HEADERS.flatMap((at, index) => headerProblems(head.subarray(at, at + HEADER.size), index));
  const regions = REGION_TABLES.map((at) => readRegions(head.subarray(at, at + REGION_TABLE.size)));
  problems.push(...regions.flatMap(({ problems: found }) => found));
  if (!isZero(await file.read(LOG.offset, LOG.size))) problems.push("the log is not empty");
  const { items, problems: found } = readMetadata(await file.read(METADATA.offset, METADATA.size));
  problems.push(...found);
  const size = numberOf(items.get(ITEM.diskSize), 8);
  if (size === 0 || size % BLOCK !== 0 || size > LARGEST_DISK)
    problems.push(`metadata: a disk of ${size} bytes`);
  const wanted: [string, number, number][] = [
    ["block size and flags", numberOf(items.get(ITEM.fileParameters), 8), BLOCK],
    ["logical sector", numberOf(items.get(ITEM.logicalSector), 4), LOGICAL_SECTOR],
    ["physical sector", numberOf(items.get(ITEM.physicalSector), 4), PHYSICAL_SECTOR],
    ["bytes of the disk's id", items.get(ITEM.diskId)?.length ?? 0, 16],
  ];
  for (const [name, is, should] of wanted) {
    if (is !== should) problems.push(`metadata: ${name} is ${is}, not ${should}`);
  }
  if (problems.length > 0) return { problems };
  const layout = vhdxLayout(size);
  if (regions.some(({ batSize }) => batSize !== layout.batSize) || layout.payload > file.size) {
    return { problems: ["the allocation table does not fit the disk's size"] };
  }
  const table = await file.read(BAT_OFFSET, layout.batSize);
  return { disk: diskOf(file, size, table), problems: tableProblems(table, size, file.size) };
}

function headerProblems(header: Buffer, index: number): string[] {
  const problems: string[] = [];
  const say = (text: string): number => problems.push(`header ${index + 1}: ${text}`);
  if (header.toString("latin1", 0, 4) !== HEADER.signature) say("no signature");
  if (!hasGoodSum(header)) say("wrong CRC-32C");
  if (header.readBigUInt64LE(8) !== BigInt(index)) say("unexpected sequence number");
  if (isZero(header.subarray(16, 32)) || isZero(header.subarray(32, 48))) say("no file or data write GUID");
  if (!isZero(header.subarray(48, 64))) say("a log waits to be replayed");
  if (header.readUInt16LE(64) !== 0 || header.readUInt16LE(66) !== 1) say("wrong version");
  if (header.readUInt32LE(68) !== LOG.size || header.readBigUInt64LE(72) !== BigInt(LOG.offset))
    say("wrong log");
  return problems;
}

function readRegions(table: Buffer): { batSize: number; problems: string[] } {
  const say = (text: string): { batSize: number; problems: string[] } => ({
    batSize: 0,
    problems: [`region table: ${text}`],
  });
  if (table.toString("latin1", 0, 4) !== REGION_TABLE.signature) return say("no signature");
  if (!hasGoodSum(table)) return say("wrong CRC-32C");
  if (table.readUInt32LE(8) !== 2) return say("not two regions");
  const [bat, metadata] = [16, 48].map((at) => ({
    id: guidText(table.subarray(at, at + 16)),
    offset: Number(table.readBigUInt64LE(at + 16)),
    size: table.readUInt32LE(at + 24),
    required: table.readUInt32LE(at + 28),
  }));
  if (bat?.id !== REGION.bat || bat.offset !== BAT_OFFSET || bat.required !== 1)
    return say("allocation table");
  if (metadata?.id !== REGION.metadata || metadata.required !== 1) return say("metadata");
  if (metadata.offset !== METADATA.offset || metadata.size !== METADATA.size) return say("metadata's place");
  return { batSize: bat.size, problems: [] };
}

/** Blocks stand in the file in the disk's order, one behind the other, and none behind the last. */
function tableProblems(table: Buffer, size: number, fileSize: number): string[] {
  const layout = vhdxLayout(size);
  let next = layout.payload;
  const seen = Buffer.from(table);
  for (let block = 0; block < layout.blocks; block++) {
    const at = entryOf(block) * 8;
    const entry = table.readBigUInt64LE(at);
    seen.fill(0, at, at + 8);
    if (entry === BigInt(STATE.zero)) continue;
    if (entry !== (BigInt(next) | BigInt(STATE.present))) return [`block ${block}: its entry is ${entry}`];
    next += BLOCK;
  }
  const problems = next === fileSize ? [] : [`the blocks end at ${next}, the file at ${fileSize}`];
  return isZero(seen) ? problems : [...problems, "the table has entries that belong to no block"];
}

function diskOf(file: ByteSource, size: number, table: Buffer): ByteSource {
  return {
    size,
    async read(offset, length) {
      if (offset < 0 || offset + length > size) throw new RangeError("read past the end of the disk");
      const pieces: Buffer[] = [];
      for (let at = offset; at < offset + length; ) {
        const within = at % BLOCK;
        const count = Math.min(BLOCK - within, offset + length - at);
        const entry = table.readBigUInt64LE(entryOf(Math.floor(at / BLOCK)) * 8);
        const isThere = (entry & STATE_BITS) === BigInt(STATE.present);
        pieces.push(
          isThere ? await file.read(Number(entry & OFFSET_BITS) + within, count) : Buffer.alloc(count),
        );
        at += count;
      }
      return Buffer.concat(pieces);
    },
  };
}

function hasGoodSum(bytes: Buffer): boolean {
  const zeroed = Buffer.from(bytes);
  zeroed.writeUInt32LE(0, 4);
  return crc32c(zeroed) === bytes.readUInt32LE(4);
}

/** A little-endian number of that many bytes; 0 when the item is missing or has another length. */
function numberOf(value: Buffer | undefined, bytes: 4 | 8): number {
  if (value?.length !== bytes) return 0;
  return bytes === 4 ? value.readUInt32LE(0) : Number(value.readBigUInt64LE(0));
}
