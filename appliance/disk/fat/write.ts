import { open } from "node:fs/promises";
import { PosternError } from "../../error.ts";
import { type Extent, roundUp, writeExtents } from "../bytes.ts";
import type { SectorSize } from "../gpt.ts";
import { BACKUP_SECTOR, bootSector, emptyBootSector, INFO_SECTOR, infoSector } from "./boot.ts";
import { dotEntries, entryBytes, type FatTime, fatTime, labelEntry } from "./directory.ts";
import { type FatGeometry, type FatType, fatGeometry } from "./geometry.ts";
import { labelBytes } from "./names.ts";
import { ClusterTable } from "./table.ts";
import { type FatFile, type FolderNode, fatTree } from "./tree.ts";

export type { FatFile } from "./tree.ts";

export interface FatOptions {
  /** Whole file system, in bytes. */
  size: number;
  /** 1 to 11 of A-Z, 0-9, `_` and `-`. */
  label: string;
  /** Volume serial number, 32 bits. */
  serial: number;
  /** Seconds since 1970 for every time stamp. */
  epoch: number;
  /** Asks for one type; the smallest that fits by default. */
  type?: FatType;
  sectorSize?: SectorSize;
  /** Sectors before it on its disk; 0 by default. */
  hiddenSectors?: number;
}

const MIB = 1024 * 1024;
const LEAST_SEED = 2 * MIB;

/**
 * A FAT file system as extents: the same files give the same bytes, in whatever order they are listed.
 *
 * @throws PosternError `artifact.fat-full` when the files do not fit, `artifact.fat-name`, `artifact.fat-size`
 */
export function fatExtents(files: readonly FatFile[], options: FatOptions): Extent[] {
  const geometry = fatGeometry(options.size, options.sectorSize ?? 512, options.type);
  const label = labelBytes(options.label);
  const tree = fatTree(files);
  const table = new ClusterTable(geometry);
  const data = layRoot(tree, { geometry, table, label, time: fatTime(options.epoch) });
  if (table.used > geometry.clusters) {
    throw new PosternError({
      code: "artifact.fat-full",
      message: `the files need ${table.used} clusters, a FAT${geometry.type} of ${options.size} bytes has ${geometry.clusters}`,
      hint: "Make the file system larger.",
    });
  }
  const fields = { serial: options.serial, label, hiddenSectors: options.hiddenSectors ?? 0 };
  const chains = table.bytes();
  const sector = (number: number, bytes: Buffer): Extent => ({ offset: number * geometry.sectorSize, bytes });
  return [
    ...bootExtents(bootSector(geometry, fields), geometry, table.used),
    sector(geometry.reserved, chains),
    sector(geometry.reserved + geometry.tableSectors, chains),
    ...data,
  ];
}

/** Writes a FAT file system as a file of its own, mode 0644. @throws as `fatExtents`, and when the file exists. */
export async function writeFat(out: string, files: readonly FatFile[], options: FatOptions): Promise<void> {
  const extents = fatExtents(files, options);
  const file = await open(out, "wx", 0o644);
  try {
    await file.truncate(options.size);
    await writeExtents(file, extents);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A size that holds these files with room to spare: whole MiB, 2 at least. */
export function fatSizeFor(files: readonly FatFile[]): number {
  // A folder or a file wastes at most one cluster; FAT16's are below 1/32000 of the size.
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const parts = files.reduce((sum, file) => sum + file.path.split("/").length, 0);
  const slack = parts * Math.max(4096, bytes / 16384) + bytes / 64;
  return Math.max(LEAST_SEED, roundUp(bytes + slack + MIB, MIB));
}

interface Volume {
  geometry: FatGeometry;
  table: ClusterTable;
  label: Buffer;
  time: FatTime;
}

function bootExtents(boot: Buffer, geometry: FatGeometry, used: number): Extent[] {
  if (geometry.type !== 32) return [{ offset: 0, bytes: boot }];
  const area = [boot, infoSector(geometry, used), emptyBootSector(geometry)];
  return [0, BACKUP_SECTOR].flatMap((start) =>
    area.map((bytes, index) => ({ offset: (start + index * INFO_SECTOR) * geometry.sectorSize, bytes })),
  );
}

function layRoot(root: FolderNode, volume: Volume): Extent[] {
  const { geometry, table, label, time } = volume;
  const isChain = geometry.type === 32;
  const cluster = isChain ? table.allocate(root.size) : 0;
  const fixed = geometry.reserved + 2 * geometry.tableSectors;
  const offset = isChain ? table.offsetOf(cluster) : fixed * geometry.sectorSize;
  if (!isChain && root.size > geometry.rootSectors * geometry.sectorSize) {
    throw new PosternError({
      code: "artifact.fat-full",
      message: `FAT${geometry.type} has a root of ${geometry.rootEntries} entries; the files need more`,
      hint: "Put the files into folders.",
    });
  }
  // In the root's children `..` is cluster 0, on FAT32 too.
  return layFolder(root, labelEntry(label, time), { offset, cluster: 0 }, volume);
}

function layFolder(
  folder: FolderNode,
  head: Buffer,
  at: { offset: number; cluster: number },
  volume: Volume,
): Extent[] {
  const { table, time } = volume;
  const entries = [head];
  const inside: Extent[] = [];
  for (const child of folder.folders) {
    if (child.name === undefined) continue;
    const cluster = table.allocate(child.size);
    entries.push(entryBytes({ name: child.name, isDirectory: true, cluster, size: 0 }, time));
    const dots = dotEntries(cluster, at.cluster, time);
    inside.push(...layFolder(child, dots, { offset: table.offsetOf(cluster), cluster }, volume));
  }
  for (const { name, bytes } of folder.files) {
    const cluster = table.allocate(bytes.length);
    entries.push(entryBytes({ name, isDirectory: false, cluster, size: bytes.length }, time));
    if (cluster !== 0) inside.push({ offset: table.offsetOf(cluster), bytes });
  }
  return [{ offset: at.offset, bytes: Buffer.concat(entries) }, ...inside];
}
