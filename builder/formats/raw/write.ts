import type { FormatOptions } from "../format.ts";
import { writeOutput } from "../output.ts";
import { copyBlocks, rawSize } from "../raw.ts";

export type RawImageOptions = Pick<FormatOptions, "raw" | "out" | "progress" | "signal">;

/**
 * Writes the disk as it is, for `dd` and for hosts that take nothing else. The file is sparse where the disk is empty.
 *
 * @throws PosternError `artifact.raw` when the raw disk is not whole MiB
 */
export async function writeRawImage(options: RawImageOptions): Promise<void> {
  const size = await rawSize(options.raw);
  await writeOutput(options.out, size, async (output) => {
    await copyBlocks(options, output);
    await output.setSize(size);
  });
}
