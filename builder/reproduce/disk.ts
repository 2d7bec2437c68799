import { type ByteSource, partOf, remembering } from "../../appliance/disk/bytes.ts";
import type { GptPartition } from "../../appliance/disk/gpt.ts";
import { readGpt } from "../../appliance/disk/gpt-read.ts";
import { messageOf } from "../error.ts";
import { firstDifference } from "./bytes.ts";
import { treeOfExt4 } from "./ext4-tree.ts";
import { treeOfFat } from "./fat-tree.ts";
import { compareTrees, type NodeDifference, type Tree } from "./tree.ts";

/** What differs between two disks, from the outside in. */
export interface DiskDifference {
  /** In words: table, partitions. */
  parts: readonly string[];
  /** Files, with the name of their partition before the path. */
  files: readonly NodeDifference[];
}

type TreeReader = (partition: ByteSource, signal: AbortSignal) => Promise<Tree>;

/** Partitions that hold files, by their names in `builder/disk/layout.ts`. */
const READERS: Readonly<Record<string, TreeReader>> = {
  esp: treeOfFat,
  "postern-root": treeOfExt4,
  "postern-log": treeOfExt4,
};

/** Compares two disks: their partition tables, then each partition, then the files in it. */
export async function compareDisks(
  before: ByteSource,
  after: ByteSource,
  signal: AbortSignal,
): Promise<DiskDifference> {
  const [was, is] = await Promise.all([readGpt(before), readGpt(after)]);
  if (was.gpt === undefined || is.gpt === undefined) {
    return { parts: [...was.problems, ...is.problems], files: [] };
  }
  if (JSON.stringify(was.gpt) !== JSON.stringify(is.gpt)) {
    return { parts: ["the partition table"], files: [] };
  }
  const { partitions, sectorSize } = was.gpt;
  const parts: string[] = [];
  const files: NodeDifference[] = [];
  const start = (partitions[0]?.first ?? 0) * sectorSize;
  const outside = await firstDifference(partOf(before, 0, start), partOf(after, 0, start), signal);
  if (outside !== undefined) parts.push(`before the first partition, byte ${outside}`);
  for (const partition of partitions) {
    const [a, b] = [before, after].map((disk) => placeOf(disk, partition, sectorSize));
    if (a === undefined || b === undefined) continue;
    const found = await compareFiles(a, b, partition.name, signal);
    files.push(...found);
    if (found.length > 0) continue;
    const at = await firstDifference(a, b, signal);
    if (at !== undefined) parts.push(`partition ${partition.name}, byte ${at}`);
  }
  return { parts, files };
}

function placeOf(disk: ByteSource, { first, last }: GptPartition, sectorSize: number): ByteSource {
  return remembering(partOf(disk, first * sectorSize, (last - first + 1) * sectorSize));
}

/** A file system that cannot be read is compared by its bytes. */
async function compareFiles(
  before: ByteSource,
  after: ByteSource,
  name: string,
  signal: AbortSignal,
): Promise<NodeDifference[]> {
  const read = READERS[name];
  if (read === undefined) return [];
  try {
    const [was, is] = [await read(before, signal), await read(after, signal)];
    return compareTrees(was, is).map(({ path, what }) => ({ path: `${name}:/${path}`, what }));
  } catch (error) {
    signal.throwIfAborted();
    return [{ path: `${name}:`, what: [`cannot be read: ${messageOf(error)}`] }];
  }
}
