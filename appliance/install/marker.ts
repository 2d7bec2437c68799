import { join } from "node:path";
import type { FatFile } from "../disk/fat/write.ts";
import { PARTITION_TYPE } from "../disk/layout.ts";
import { withMounted } from "../intake/media.ts";
import { readStrange } from "../intake/read.ts";
import type { Release } from "../release.ts";
import { isMap } from "../settings/without.ts";
import type { System } from "../system/system.ts";
import { type Disk, diskModel } from "./inventory/disk.ts";

/**
 * Says that Postern was installed on this disk, wholly. GRUB on the medium looks for it, so that a medium that
 * stays attached starts the installed system.
 */
export const MARKER = "EFI/postern/installed.json";

const LARGEST = 4096;

/** A disk that Postern was installed on. */
export interface Installed {
  disk: Disk;
  version: string;
}

export function markerFile({ version, base }: Release): FatFile {
  return { path: MARKER, bytes: Buffer.from(`${JSON.stringify({ version, base })}\n`) };
}

/** The version in a marker's text; undefined where it is none. */
export function markerVersion(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const version = isMap(value) ? value.version : undefined;
    return typeof version === "string" && /^[\w.+~()-][\w.+~() -]{0,60}$/.test(version) ? version : undefined;
  } catch {
    return undefined;
  }
}

/** Disks of this server that have the marker. Never throws: a partition that cannot be read has none. */
export async function findInstalled(system: System, disks: readonly Disk[]): Promise<Installed[]> {
  const installed: Installed[] = [];
  for (const disk of disks) {
    for (const { path, type, typeId, size } of disk.parts) {
      if (typeId !== PARTITION_TYPE.esp || type !== "vfat") continue;
      const medium = { device: path, label: "", type, size, isCd: false } as const;
      const bytes = await withMounted(system, medium, (folder) =>
        readStrange(join(folder, MARKER), LARGEST),
      ).catch(() => undefined);
      const version = bytes === undefined ? undefined : markerVersion(bytes.toString("utf8"));
      if (version !== undefined) installed.push({ disk, version });
    }
  }
  return installed;
}

/** `Postern 1.0.0 on /dev/sda (DELL PERC H755)` */
export function installedText({ disk, version }: Installed): string {
  return `Postern ${version} on ${disk.path} (${diskModel(disk)})`;
}
