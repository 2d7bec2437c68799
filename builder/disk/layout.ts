import type { DiskIds } from "../../appliance/disk/ids.ts";
import { type DiskLayout, diskLayout, GIB, leastDiskSize } from "../../appliance/disk/layout.ts";
import { PosternError } from "../error.ts";

/** The partitions of an image of so many GiB. @throws PosternError `input.disk-size` when it is too small. */
export function imageLayout(sizeGiB: number, ids: DiskIds): DiskLayout {
  const least = Math.ceil(leastDiskSize() / GIB);
  if (Number.isSafeInteger(sizeGiB) && sizeGiB >= least) return diskLayout(sizeGiB * GIB, ids);
  throw new PosternError({
    code: "input.disk-size",
    message: `disk.size: expected a whole number of GiB, ${least} or more; got ${sizeGiB}`,
    hint: `Set disk.size to ${least} or more in the recipe.`,
  });
}
