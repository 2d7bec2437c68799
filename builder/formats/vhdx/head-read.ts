import { isZero } from "../../../appliance/disk/bytes.ts";
import { crc32c } from "../../../appliance/disk/crc32.ts";
import { guidText } from "../../../appliance/disk/ids.ts";
import { differences } from "../check.ts";
import {
  BAT_OFFSET,
  HEADER,
  HEADERS,
  IDENTIFIER,
  LOG,
  METADATA,
  REGION,
  REGION_TABLE,
  REGION_TABLES,
} from "./layout.ts";

/** Who made the file, behind its signature. */
export function* identifierProblems(head: Buffer): Generator<string> {
  const creator = head.toString("utf16le", 8, 8 + IDENTIFIER.creatorBytes).replace(/\0+$/, "");
  if (creator !== IDENTIFIER.creator) yield "another program made it";
}

/** Both headers. Only the one with the higher sequence number counts, so the other could be broken unseen. */
export function* headerProblems(head: Buffer): Generator<string> {
  for (const [index, at] of HEADERS.entries()) {
    const header = head.subarray(at, at + HEADER.size);
    const of = `header ${index + 1}`;
    yield* differences([
      [`${of}: signature`, header.toString("latin1", 0, 4), HEADER.signature],
      [`${of}: CRC-32C`, header.readUInt32LE(4), sumOf(header)],
      [`${of}: sequence number`, header.readBigUInt64LE(8), BigInt(index)],
      [`${of}: version of the log`, header.readUInt16LE(64), 0],
      [`${of}: version`, header.readUInt16LE(66), 1],
      [`${of}: size of the log`, header.readUInt32LE(68), LOG.size],
      [`${of}: place of the log`, header.readBigUInt64LE(72), BigInt(LOG.offset)],
    ]);
    if (isZero(header.subarray(16, 32))) yield `${of}: no GUID of the file's writes`;
    if (isZero(header.subarray(32, 48))) yield `${of}: no GUID of the data's writes`;
    if (!isZero(header.subarray(48, 64))) yield `${of}: a log waits to be replayed`;
    if (!isZero(header.subarray(80))) yield `${of}: bytes behind its last field`;
  }
}

/** Both region tables; `batSize` is what the disk's size asks for, where that is known. */
export function* regionProblems(head: Buffer, batSize: number | undefined): Generator<string> {
  for (const [index, at] of REGION_TABLES.entries()) {
    const table = head.subarray(at, at + REGION_TABLE.size);
    const of = `region table ${index + 1}`;
    const region = (name: string, entry: number, id: string, offset: number, size?: number) =>
      [
        [`${of}: ${name}`, guidText(table.subarray(entry, entry + 16)), id],
        [`${of}: place of the ${name}`, table.readBigUInt64LE(entry + 16), BigInt(offset)],
        [
          `${of}: size of the ${name}`,
          table.readUInt32LE(entry + 24),
          size ?? table.readUInt32LE(entry + 24),
        ],
        [`${of}: ${name} required`, table.readUInt32LE(entry + 28), 1],
      ] as const;
    yield* differences([
      [`${of}: signature`, table.toString("latin1", 0, 4), REGION_TABLE.signature],
      [`${of}: CRC-32C`, table.readUInt32LE(4), sumOf(table)],
      [`${of}: number of regions`, table.readUInt32LE(8), 2],
      ...region("allocation table", 16, REGION.bat, BAT_OFFSET, batSize),
      ...region("metadata", 48, REGION.metadata, METADATA.offset, METADATA.size),
    ]);
    if (!isZero(table.subarray(12, 16)) || !isZero(table.subarray(80))) yield `${of}: bytes in no field`;
  }
}

/** The first MiB without identifier, headers and region tables is reserved: [MS-VHDX] 2.2. */
export function* reservedProblems(head: Buffer): Generator<string> {
  const parts = [
    [0, 8 + IDENTIFIER.creatorBytes],
    ...HEADERS.map((at) => [at, at + HEADER.size]),
    ...REGION_TABLES.map((at) => [at, at + REGION_TABLE.size]),
    [head.length, head.length],
  ] as const;
  for (const [index, [start = 0]] of parts.entries()) {
    const end = parts[index - 1]?.[1] ?? 0;
    if (!isZero(head.subarray(end, start))) yield `bytes between ${end} and ${start}`;
  }
}

/** The CRC-32C that a structure should have in its second field, which itself counts as zero. */
function sumOf(bytes: Buffer): number {
  const zeroed = Buffer.from(bytes);
  zeroed.writeUInt32LE(0, 4);
  return crc32c(zeroed);
}
