import { type ByteSource, isZero } from "../../../appliance/disk/bytes.ts";
import { PosternError } from "../../error.ts";
import { check, leftOut } from "../check.ts";
import { type ContainerReading, containerReading } from "../format.ts";
import { pieceDisk } from "../pieces.ts";
import { headerProblems, identifierProblems, regionProblems, reservedProblems } from "./head-read.ts";
import { BAT_OFFSET, BLOCK, entryOf, IDENTIFIER, LOG, METADATA, MIB, STATE, vhdxLayout } from "./layout.ts";
import { readMetadata } from "./metadata-read.ts";

const STATE_BITS = 0b111n;
const OFFSET_BITS = ~0xfffffn;

/**
 * Reads and checks a VHDX as `writeVhdx` lays it out: both headers and region tables with their CRC-32C, a log with
 * nothing to replay, the metadata, and an allocation table whose blocks follow each other to the file's end.
 */
export async function readVhdx(file: ByteSource): Promise<ContainerReading> {
  if (file.size < BAT_OFFSET + MIB || file.size % MIB !== 0) {
    return containerReading([check("VHDX: identifier", [`${file.size} bytes are no VHDX`])]);
  }
  const head = await file.read(0, MIB);
  if (head.toString("latin1", 0, 8) !== IDENTIFIER.signature) {
    return containerReading([check("VHDX: identifier", ["no VHDX signature"])]);
  }
  const log = await file.read(LOG.offset, LOG.size);
  const metadata = readMetadata(await file.read(METADATA.offset, METADATA.size));
  const layout = metadata.size === 0 ? undefined : vhdxLayout(metadata.size);
  const checks = [
    check("VHDX: identifier", identifierProblems(head)),
    check("VHDX: both headers with their CRC-32C", headerProblems(head)),
    check("VHDX: both region tables with their CRC-32C", regionProblems(head, layout?.batSize)),
    check("VHDX: nothing in reserved places", reservedProblems(head)),
    check("VHDX: nothing in the log to replay", isZero(log) ? [] : ["it is not empty"]),
    check("VHDX: metadata", metadata.problems),
  ];
  const name = "VHDX: allocation table, blocks one behind the other";
  if (layout === undefined)
    return containerReading([...checks, leftOut(name, "the disk's size is not known")]);
  if (layout.payload > file.size) {
    return containerReading([...checks, check(name, ["the file ends before the table does"])]);
  }
  const table = await file.read(BAT_OFFSET, layout.batSize);
  const blocks = check(name, tableProblems(table, metadata.size, file.size));
  return containerReading([...checks, blocks], diskOf(file, metadata.size, table));
}

/** Blocks stand in the file in the disk's order, one behind the other, and none behind the last. */
function* tableProblems(table: Buffer, size: number, fileSize: number): Generator<string> {
  const layout = vhdxLayout(size);
  let next = layout.payload;
  const rest = Buffer.from(table);
  for (let block = 0; block < layout.blocks; block++) {
    const at = entryOf(block) * 8;
    const entry = table.readBigUInt64LE(at);
    rest.fill(0, at, at + 8);
    if (entry === BigInt(STATE.zero)) continue;
    if (entry !== (BigInt(next) | BigInt(STATE.present))) yield `block ${block}: its entry is ${entry}`;
    next += BLOCK;
  }
  if (next !== fileSize) yield `the blocks end at ${next}, the file at ${fileSize}`;
  if (!isZero(rest)) yield "entries that belong to no block";
}

function diskOf(file: ByteSource, size: number, table: Buffer): ByteSource {
  const entry = (index: number): bigint => table.readBigUInt64LE(entryOf(index) * 8);
  const isThere = (index: number): boolean => (entry(index) & STATE_BITS) === BigInt(STATE.present);
  return pieceDisk(
    size,
    BLOCK,
    async (index, within, count) =>
      isThere(index)
        ? blockPart(file, Number(entry(index) & OFFSET_BITS) + within, count)
        : Buffer.alloc(count),
    isThere,
  );
}

async function blockPart(file: ByteSource, offset: number, count: number): Promise<Buffer> {
  if (offset + count <= file.size) return file.read(offset, count);
  throw new PosternError({
    code: "artifact.vhdx",
    message: "a block of the VHDX lies behind the file's end",
    hint: "Fetch the file again, or build again: ./postern build.",
  });
}
