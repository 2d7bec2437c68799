import { type FileHandle, open, rm } from "node:fs/promises";
import { biosSectors } from "../../appliance/disk/bios.ts";
import { writeExactly, writeExtents } from "../../appliance/disk/bytes.ts";
import { BYTES_PER_INODE, RESERVED_PERCENT } from "../../appliance/disk/ext4.ts";
import { type FatFile, fatExtents } from "../../appliance/disk/fat/write.ts";
import { gptBytes } from "../../appliance/disk/gpt.ts";
import type { DiskIds } from "../../appliance/disk/ids.ts";
import type { DiskLayout, Place } from "../../appliance/disk/layout.ts";
import { PosternError } from "../error.ts";
import { run } from "../host/run.ts";
import type { Progress } from "../pipeline/progress.ts";
import { type RootFolder, settleInodes } from "./ext4/inodes.ts";
import { checkExt4, makeExt4, type Runner } from "./ext4/make.ts";
import { imageLayout } from "./layout.ts";

export interface DiskOptions {
  /** Raw image to make, sparse; it must not exist. */
  out: string;
  sizeGiB: number;
  ids: DiskIds;
  /** Seconds since 1970; no time stamp on the disk is later. */
  epoch: number;
  /** Folder of the root file system. Its fstab, /boot/grub/grub.cfg and mount points are there already. */
  tree: string;
  /** Folder whose content the log file system gets; mostly the tree's own var/log. Empty without. */
  logTree?: string;
  /** Files of the ESP, from `espFiles`. */
  esp: readonly FatFile[];
  /** GRUB's boot.img and core.img for i386-pc. */
  bootImg: Buffer;
  coreImg: Buffer;
  /** Runs a command as the owner of the tree's files. */
  asRoot: Runner;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Writes a bootable disk from a tree, without loop devices: partition table, GRUB for BIOS, ESP, root and log.
 * The same tree, ids and epoch give the same bytes. On failure nothing is left.
 *
 * @throws PosternError `artifact.ext4`, `artifact.grub`, `artifact.fat-full`, `input.disk-size`
 */
export async function writeDisk(options: DiskOptions): Promise<void> {
  const layout = imageLayout(options.sizeGiB, options.ids);
  const file = await open(options.out, "wx+", 0o644);
  try {
    await writeParts(file, layout, options);
    await file.sync();
  } catch (error) {
    await rm(options.out, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function writeParts(file: FileHandle, layout: DiskLayout, options: DiskOptions): Promise<void> {
  const { ids, epoch, progress, signal } = options;
  await file.truncate(layout.size);
  await progress.step("partition table and boot loaders", async () => {
    await writeTable(file, layout, options);
    const esp = fatExtents(options.esp, {
      size: layout.esp.size,
      type: 32,
      label: "ESP",
      serial: ids.espSerial,
      epoch,
      hiddenSectors: layout.esp.offset / layout.gpt.sectorSize,
    });
    await writeExtents(file, esp, layout.esp.offset);
  });
  signal.throwIfAborted();
  await progress.step("root file system", () =>
    writeExt4(file, layout.root, options, {
      label: "postern-root",
      uuid: ids.rootUuid,
      hashSeed: ids.rootHashSeed,
      bytesPerInode: BYTES_PER_INODE.root,
      tree: options.tree,
    }),
  );
  await progress.step("log file system", () =>
    writeExt4(file, layout.log, options, {
      label: "postern-log",
      uuid: ids.logUuid,
      hashSeed: ids.logHashSeed,
      bytesPerInode: BYTES_PER_INODE.log,
      ...(options.logTree === undefined ? {} : { tree: options.logTree }),
    }),
  );
}

async function writeTable(file: FileHandle, layout: DiskLayout, options: DiskOptions): Promise<void> {
  const { bootImg, coreImg } = options;
  const table = gptBytes(layout.gpt);
  await writeExactly(file, 0, table.start);
  await writeExactly(file, table.endOffset, table.end);
  const partition = layout.biosBoot;
  await writeExtents(file, biosSectors({ mbr: table.start.subarray(0, 512), bootImg, coreImg, partition }));
}

interface FileSystem {
  label: string;
  uuid: string;
  hashSeed: string;
  bytesPerInode: number;
  tree?: string;
}

async function writeExt4(
  file: FileHandle,
  place: Place,
  options: DiskOptions,
  system: FileSystem,
): Promise<void> {
  const { out, epoch, asRoot, signal } = options;
  const root = system.tree === undefined ? undefined : await folderOf(system.tree, asRoot);
  await makeExt4({ image: out, place, reserved: RESERVED_PERCENT, epoch, asRoot, signal, ...system });
  await settleInodes(file, { offset: place.offset, epoch, ...(root === undefined ? {} : { root }) });
  await checkExt4(run, out, place, signal);
}

/** Owner and mode of a folder as the owner of the tree sees them. */
async function folderOf(folder: string, asRoot: Runner): Promise<RootFolder> {
  const { stdout } = await asRoot("stat", ["--format=%u %g %a", "--", folder]);
  const [, uid, gid, mode] = /^(\d+) (\d+) ([0-7]+)\n$/.exec(stdout) ?? [];
  if (uid === undefined || gid === undefined || mode === undefined) {
    throw new PosternError({
      code: "host.command",
      message: `stat said ${JSON.stringify(stdout)} about ${folder}`,
      hint: "stat must be that of GNU coreutils.",
    });
  }
  return { uid: Number(uid), gid: Number(gid), mode: Number.parseInt(mode, 8) };
}
