import { type InputType, inflate, type ZlibOptions } from "node:zlib";
import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import { roundUp } from "../../../appliance/disk/bytes.ts";
import { PosternError } from "../../error.ts";
import { pieceDisk } from "../pieces.ts";
import { GRAIN, MARKER, SECTOR } from "./layout.ts";

/** Bytes of a grain with its marker that deflate could not make smaller, in whole sectors (zlib's bound). */
export const LARGEST_GRAIN = roundUp(MARKER + GRAIN + 1024, SECTOR);

/**
 * Inflates the data of a grain.
 *
 * @returns undefined when it is not one zlib stream that fills a grain, or when anything stands behind the stream
 */
export function inflateGrain(data: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    inflateWithInfo(data, { maxOutputLength: GRAIN, info: true }, (error, result) => {
      if (error !== null) resolve(undefined);
      else {
        // zlib stops at the stream's end and says nothing about what follows.
        const isWhole = result.engine.bytesWritten === data.length && result.buffer.length === GRAIN;
        resolve(isWhole ? result.buffer : undefined);
      }
    });
  });
}

/** The disk that grains make up. A grain that cannot be read is a PosternError `artifact.vmdk`. */
export function grainDisk(file: ByteSource, size: number, table: Uint32Array): ByteSource {
  async function grainAt(index: number): Promise<Buffer> {
    const start = (table[index] ?? 0) * SECTOR;
    if (start === 0) return Buffer.alloc(GRAIN);
    const length = Math.min(LARGEST_GRAIN, file.size - start);
    const bytes = length > MARKER ? await file.read(start, length) : Buffer.alloc(MARKER);
    const end = MARKER + bytes.readUInt32LE(8);
    const grain = end <= bytes.length ? await inflateGrain(bytes.subarray(MARKER, end)) : undefined;
    if (grain !== undefined) return grain;
    throw new PosternError({
      code: "artifact.vmdk",
      message: `grain ${index} of the VMDK cannot be read`,
      hint: "Fetch the file again, or build again: ./postern build.",
    });
  }
  return pieceDisk(size, GRAIN, async (index, within, count) =>
    (await grainAt(index)).subarray(within, within + count),
  );
}

/** With `info` the result has the engine beside the bytes, which Node's types do not know. */
const inflateWithInfo = inflate as unknown as (
  data: InputType,
  options: ZlibOptions,
  done: (error: Error | null, result: { buffer: Buffer; engine: { bytesWritten: number } }) => void,
) => void;
