import type { FileHandle } from "node:fs/promises";
import Joi from "joi";
import { run } from "./run.ts";

/** A stretch of a file that may hold something else than zeros. */
export interface Extent {
  start: number;
  length: number;
}

interface MapLine extends Extent {
  data: boolean;
  zero: boolean;
}

const schema = Joi.array().items(
  Joi.object<MapLine>({
    start: Joi.number().integer().min(0).required(),
    length: Joi.number().integer().min(0).required(),
    data: Joi.boolean().required(),
    zero: Joi.boolean().required(),
  }).unknown(),
);

/** Bytes of a block in `st_blocks` (stat(2)). */
const STAT_BLOCK = 512;

/** Whether a file takes less room than it is long. */
export async function isSparse(file: FileHandle): Promise<boolean> {
  const { size, blocks } = await file.stat();
  return blocks * STAT_BLOCK < size;
}

/**
 * The data extents of a sparse file. Node has no SEEK_DATA, and reading holes costs 2 s a GiB (measured),
 * so qemu-img is asked, which answers in milliseconds; without it the whole file is one extent.
 */
export async function dataExtents(path: string, size: number, signal?: AbortSignal): Promise<Extent[]> {
  const whole = [{ start: 0, length: size }];
  try {
    const { stdout } = await run("qemu-img", ["map", "--output=json", "-f", "raw", path], {
      ...(signal === undefined ? {} : { signal }),
    });
    const { value, error } = schema.validate(JSON.parse(stdout));
    if (error !== undefined) return whole;
    return value.filter((line: MapLine) => line.data && !line.zero).map(trim);
  } catch {
    signal?.throwIfAborted();
    return whole;
  }
}

function trim({ start, length }: Extent): Extent {
  return { start, length };
}
