import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import { check } from "../check.ts";
import { type ContainerReading, containerReading, RAW_UNIT } from "../format.ts";

/** Reads a raw disk. There is nothing around it to check but its size; the partition table inside says the rest. */
export async function readRawImage(file: ByteSource): Promise<ContainerReading> {
  const isWhole = file.size >= RAW_UNIT && file.size % RAW_UNIT === 0;
  const size = check("raw: whole MiB", isWhole ? [] : [`${file.size} bytes`]);
  return isWhole ? containerReading([size], file) : containerReading([size]);
}
