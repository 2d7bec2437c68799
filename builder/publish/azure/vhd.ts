import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import { readGpt } from "../../../appliance/disk/gpt-read.ts";
import { derivedUuid } from "../../../appliance/disk/ids.ts";
import { PosternError } from "../../error.ts";
import { RAW_UNIT } from "../../formats/format.ts";
import { FOOTER, footerProblems, vhdFooter } from "../../formats/vhd/footer.ts";

/** A fixed VHD that need not lie on a disk anywhere. */
export interface Vhd {
  disk: ByteSource;
  /** The last 512 bytes. */
  footer: Buffer;
  /** Bytes of both. */
  size: number;
}

/** Azure's bounds for `uploadSizeBytes`, the footer in it. */
const LEAST = 20 * RAW_UNIT + FOOTER;
const MOST = 32 * 2 ** 40 + FOOTER;

/**
 * The VHD around a disk.
 *
 * @param footer the disk's own, where it lies in a VHD; made from the disk's GUID elsewhere, so that the same disk
 *   always gives the same bytes
 * @throws PosternError `artifact.azure-vhd` when Azure would refuse it, hours later and without a reason
 */
export async function vhdAround(disk: ByteSource, footer?: Buffer): Promise<Vhd> {
  const own = footer ?? vhdFooter(disk.size, derivedUuid(await guidOf(disk), "vhd"), 0);
  const size = disk.size + FOOTER;
  const problems = [
    ...(disk.size % RAW_UNIT === 0 ? [] : [`${disk.size} bytes of disk are not whole MiB`]),
    ...(size >= LEAST && size <= MOST
      ? []
      : [`Azure takes disks from 20 MiB to 32 TiB, not ${disk.size} bytes`]),
    ...footerProblems(own, disk.size),
  ];
  if (problems.length === 0) return { disk, footer: own, size };
  throw new PosternError({
    code: "artifact.azure-vhd",
    message: `Azure would refuse this disk: ${problems.join("; ")}`,
    hint: "Build again: ./postern build --formats vhdx. disk.size in the recipe sets its size.",
  });
}

async function guidOf(disk: ByteSource): Promise<string> {
  const { gpt } = await readGpt(disk);
  return gpt?.disk ?? "";
}
