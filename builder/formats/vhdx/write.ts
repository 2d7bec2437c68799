import { crc32c } from "../../../appliance/disk/crc32.ts";
import { derivedUuid, guidBytes } from "../../../appliance/disk/ids.ts";
import type { FormatOptions } from "../format.ts";
import { writeOutput } from "../output.ts";
import { dataBlocks, rawSize } from "../raw.ts";
import {
  BAT_OFFSET,
  BLOCK,
  entryOf,
  HEADER,
  HEADERS,
  IDENTIFIER,
  LOG,
  METADATA,
  MIB,
  REGION,
  REGION_TABLE,
  REGION_TABLES,
  STATE,
  vhdxLayout,
} from "./layout.ts";
import { metadataRegion } from "./metadata.ts";

export type VhdxOptions = Pick<FormatOptions, "raw" | "out" | "seed" | "progress" | "signal">;

/**
 * Writes a dynamic VHDX. The same raw disk and seed give the same bytes. The file has no holes: Hyper-V refuses a
 * VHDX whose file is sparse.
 *
 * @throws PosternError `artifact.raw` when the raw disk is not whole MiB
 */
export async function writeVhdx(options: VhdxOptions): Promise<void> {
  const { raw, out, seed, progress, signal } = options;
  const size = await rawSize(raw);
  const layout = vhdxLayout(size);
  const table = Buffer.alloc(layout.batSize);
  for (let block = 0; block < layout.blocks; block++) table.writeUInt8(STATE.zero, entryOf(block) * 8);
  await writeOutput(out, layout.payload, async (output) => {
    const onRead = (done: number, total: number): void => progress.bar(done, total, "bytes");
    for await (const { index, bytes } of dataBlocks({ raw, blockSize: BLOCK, signal, onRead })) {
      // The offset counts in MiB from bit 20 on, so in bytes it is itself; the state is in the lowest bits.
      table.writeBigUInt64LE(BigInt(output.offset) | BigInt(STATE.present), entryOf(index) * 8);
      await output.append(bytes);
    }
    await output.writeAt(0, headerSection(seed, layout.batSize));
    await output.writeAt(LOG.offset, Buffer.alloc(LOG.size));
    await output.writeAt(METADATA.offset, metadataRegion(size, derivedUuid(seed, "vhdx disk")));
    await output.writeAt(BAT_OFFSET, table);
  });
}

/** The first MiB: identifier, two headers, two region tables. */
function headerSection(seed: string, batSize: number): Buffer {
  const bytes = Buffer.alloc(MIB);
  bytes.write(IDENTIFIER.signature, 0, "latin1");
  bytes.write(IDENTIFIER.creator, 8, IDENTIFIER.creatorBytes, "utf16le");
  HEADERS.forEach((offset, index) => {
    // The one with the higher sequence number counts; the other is its spare.
    header(seed, index).copy(bytes, offset);
  });
  for (const offset of REGION_TABLES) regionTable(batSize).copy(bytes, offset);
  return bytes;
}

function header(seed: string, sequence: number): Buffer {
  const bytes = Buffer.alloc(HEADER.size);
  bytes.write(HEADER.signature, 0, "latin1");
  bytes.writeBigUInt64LE(BigInt(sequence), 8);
  guidBytes(derivedUuid(seed, "vhdx file write")).copy(bytes, 16);
  guidBytes(derivedUuid(seed, "vhdx data write")).copy(bytes, 32);
  // The log's GUID at 48 stays zero: there is nothing to replay. Log version at 64 is 0.
  bytes.writeUInt16LE(1, 66);
  bytes.writeUInt32LE(LOG.size, 68);
  bytes.writeBigUInt64LE(BigInt(LOG.offset), 72);
  return sealed(bytes);
}

function regionTable(batSize: number): Buffer {
  const bytes = Buffer.alloc(REGION_TABLE.size);
  bytes.write(REGION_TABLE.signature, 0, "latin1");
  const regions = [
    { id: REGION.bat, offset: BAT_OFFSET, size: batSize },
    { id: REGION.metadata, offset: METADATA.offset, size: METADATA.size },
  ];
  bytes.writeUInt32LE(regions.length, 8);
  regions.forEach(({ id, offset, size }, index) => {
    const at = 16 + index * 32;
    guidBytes(id).copy(bytes, at);
    bytes.writeBigUInt64LE(BigInt(offset), at + 16);
    bytes.writeUInt32LE(size, at + 24);
    bytes.writeUInt32LE(1, at + 28);
  });
  return sealed(bytes);
}

/** Puts the CRC-32C of a structure into its second field. */
function sealed(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32c(bytes), 4);
  return bytes;
}
