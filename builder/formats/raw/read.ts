import type { ByteSource } from "../../disk/bytes.ts";
import { type ContainerReading, RAW_UNIT } from "../format.ts";

/** Reads a raw disk. There is nothing around it to check but its size; the partition table inside says the rest. */
export async function readRawImage(file: ByteSource): Promise<ContainerReading> {
  if (file.size >= RAW_UNIT && file.size % RAW_UNIT === 0) return { disk: file, problems: [] };
  return { problems: [`${file.size} bytes are not whole MiB`] };
}
