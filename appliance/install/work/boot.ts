import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { biosSectors } from "../../disk/bios.ts";
import { type Extent, readExactly, writeExtents } from "../../disk/bytes.ts";
import { espFiles } from "../../disk/esp.ts";
import { type FatFile, fatExtents } from "../../disk/fat/write.ts";
import { gptBytes } from "../../disk/gpt.ts";
import { markerFile } from "../marker.ts";
import { withDevice } from "./erase.ts";
import { type Job, must } from "./job.ts";
import { requireSame } from "./verify.ts";

/** Where the builder lays GRUB's images for BIOS in the tree. */
const BIOS_IMAGES = "usr/lib/postern/boot";

/**
 * Writes the boot loaders, last of all: for BIOS where the disk has sectors of 512 bytes, then for UEFI. The
 * boot sector of the EFI system partition comes at the very end, and with it the marker of an installation.
 */
export async function writeBootLoaders(job: Job): Promise<void> {
  const extents = [...(await biosExtents(job)), ...(await espExtents(job))];
  const last = extents.filter(({ offset }) => offset === job.layout.esp.offset);
  const rest = extents.filter((one) => !last.includes(one));
  await withDevice(job.disk.path, (file) => writeExtents(file, rest));
  await withDevice(job.disk.path, (file) => writeExtents(file, last));
  await readBack(job, extents);
}

/** Compares the boot loaders on the disk with what was written. @throws PosternError `artifact.install` */
async function readBack(job: Job, extents: readonly Extent[]): Promise<void> {
  const { path } = job.disk;
  // Else the kernel would answer from its memory.
  await must(job, "blockdev", ["--flushbufs", path]);
  const differences = await withDevice(path, async (file) => {
    const found: string[] = [];
    for (const { offset, bytes } of extents) {
      const read = await readExactly(file, offset, bytes.length);
      if (!read.equals(bytes)) found.push(`boot loader at byte ${offset}`);
    }
    return found;
  });
  job.log(`read back ${extents.length} parts of the boot loaders; ${differences.length} differ`);
  requireSame(differences, job);
}

async function biosExtents({ layout, tree }: Job): Promise<Extent[]> {
  // A BIOS reads sectors of 512 bytes only.
  if (layout.gpt.sectorSize !== 512) return [];
  const [bootImg, coreImg] = await Promise.all(
    ["boot.img", "core.img"].map((name) => readFile(join(tree, BIOS_IMAGES, name))),
  );
  if (bootImg === undefined || coreImg === undefined) return [];
  const mbr = gptBytes(layout.gpt).start.subarray(0, 512);
  return biosSectors({ mbr, bootImg, coreImg, partition: layout.biosBoot });
}

async function espExtents(job: Job): Promise<Extent[]> {
  const { layout, ids, facts, tree, release } = job;
  const { sectorSize } = layout.gpt;
  const files: FatFile[] = await espFiles({ tree, efi: facts.efi, rootUuid: ids.rootUuid });
  const extents = fatExtents([...files, markerFile(release)], {
    size: layout.esp.size,
    type: 32,
    label: "ESP",
    serial: ids.espSerial,
    epoch: Math.floor(Date.now() / 1000),
    sectorSize,
    hiddenSectors: layout.esp.offset / sectorSize,
  });
  return extents.map(({ offset, bytes }) => ({ offset: layout.esp.offset + offset, bytes }));
}
