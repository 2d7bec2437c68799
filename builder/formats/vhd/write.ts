import { derivedUuid } from "../../../appliance/disk/ids.ts";
import { PosternError } from "../../error.ts";
import type { FormatOptions } from "../format.ts";
import { writeOutput } from "../output.ts";
import { dataBlocks, rawSize } from "../raw.ts";
import { vhdFooter } from "./footer.ts";

export type VhdOptions = Pick<FormatOptions, "raw" | "out" | "seed" | "epoch" | "progress" | "signal">;

/** Pieces that are copied, or left as holes when they are all zero. */
const PIECE = 65536;
/** Azure's limits for a fixed VHD without its footer. */
const LEAST = 20 * 1024 * 1024;
const MOST = 32 * 2 ** 40;

/**
 * Writes a fixed VHD for Azure: the raw disk and a footer. The file is sparse where the disk is empty.
 *
 * @throws PosternError `artifact.raw` when the raw disk is not whole MiB, `artifact.vhd` for a size Azure refuses
 */
export async function writeVhd(options: VhdOptions): Promise<void> {
  const { raw, out, seed, epoch, progress, signal } = options;
  const size = await rawSize(raw);
  if (size < LEAST || size > MOST) {
    throw new PosternError({
      code: "artifact.vhd",
      message: `Azure takes VHDs from 20 MiB to 32 TiB; this disk has ${size} bytes`,
      hint: "Set another disk.size in the recipe.",
    });
  }
  await writeOutput(out, size, async (output) => {
    const onRead = (done: number, total: number): void => progress.bar(done, total, "bytes");
    for await (const { index, bytes } of dataBlocks({ raw, blockSize: PIECE, signal, onRead })) {
      await output.writeAt(index * PIECE, bytes);
    }
    await output.append(vhdFooter(size, derivedUuid(seed, "vhd"), epoch));
  });
}
