import type { Judged } from "../inventory/choice.ts";
import { contentLines, type Disk, isEmpty } from "../inventory/disk.ts";
import { isSame } from "../inventory/identity.ts";
import type { DiskWish, InstallFile } from "./file.ts";

/** The disk that is meant, or why nothing is done without asking. */
export type Match = { disk: Disk } | { problem: string };

/**
 * Finds the disk that an `install.yaml` means. Anything but one disk that may be used is a problem in words.
 *
 * @param path where the wish names a path: the same with its links followed.
 */
export function matchDisk(
  { disk: wish, requireEmpty }: InstallFile,
  disks: readonly Judged[],
  path?: string,
): Match {
  const wanted = wishText(wish);
  const found = disks.filter(({ disk }) => isMeant(disk, wish, path));
  const [first, ...others] = found;
  if (first === undefined) return { problem: `no disk has ${wanted}` };
  if (others.length > 0) {
    return {
      problem: `${found.length} disks have ${wanted}: ${found.map((one) => one.disk.path).join(", ")}`,
    };
  }
  const { disk, leftOut } = first;
  if (leftOut !== undefined) return { problem: `the disk with ${wanted} cannot be used: ${leftOut}` };
  if (requireEmpty && !isEmpty(disk)) {
    return { problem: `the disk with ${wanted} is not empty: ${contentLines(disk)[0]}` };
  }
  return { disk };
}

/** `the serial number "S4X1"` */
export function wishText(wish: DiskWish): string {
  if ("serial" in wish) return `the serial number "${wish.serial}"`;
  if ("wwn" in wish) return `the WWN ${wish.wwn}`;
  return `the path ${wish.path}`;
}

function isMeant(disk: Disk, wish: DiskWish, path: string | undefined): boolean {
  if ("serial" in wish) return isSame(wish.serial, disk.serial);
  // Some tools write 0x5000..., others naa.5000...; the digits are the same.
  if ("wwn" in wish) return disk.wwn !== "" && plainWwn(wish.wwn) === plainWwn(disk.wwn);
  return disk.path === (path ?? wish.path);
}

function plainWwn(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^(0x|naa\.|wwn-0x|wwn-)/, "");
}
