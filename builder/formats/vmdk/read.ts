import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { type ByteSource, isZero } from "../../../appliance/disk/bytes.ts";
import type { ContainerReading } from "../format.ts";
import { GRAIN, GRAIN_SECTORS, MARKER, SECTOR, type VmdkLayout } from "./layout.ts";
import { readTables } from "./tables.ts";

export interface VmdkReading extends ContainerReading {
  /** Bytes of the grains that are there: OVF's populatedSize. */
  populated: number;
}

const inflateGrain = promisify(inflate);

/**
 * Reads and checks a streamOptimized VMDK from its first byte to its last: header, descriptor, tables, every grain
 * in ascending order and without a gap, and exactly one empty sector at the end, which qemu-img does not check.
 */
export async function readVmdk(file: ByteSource): Promise<VmdkReading> {
  const { tables, problems } = await readTables(file);
  if (tables === undefined) return { populated: 0, problems };
  const { layout, size, grains, populated } = tables;
  problems.push(...(await grainProblems(file, layout, grains)));
  return { disk: diskOf(file, size, grains), populated, problems };
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
