import { createHash } from "node:crypto";
import { lstat, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ByteSource, partOf, remembering } from "../../../appliance/disk/bytes.ts";
import { readGpt } from "../../../appliance/disk/gpt-read.ts";
import { PARTITION_NAME } from "../../../appliance/disk/layout.ts";
import { type Ext4Node, FORMAT, findExt4 } from "../../disk/ext4/read.ts";
import { ISO_PATHS } from "../../formats/iso/paths.ts";
import { readVolume } from "../../formats/iso/read/volume.ts";
import { hasCode } from "../../host/faults.ts";
import { removeTree } from "../../host/remove.ts";
import { run } from "../../host/run.ts";
import { sha256File } from "../../host/sha256.ts";
import { DPKG_STATUS, type DpkgPackage, parseDpkgStatus } from "./dpkg.ts";

/** What was found in the tree of an image. */
export interface ImageContent {
  packages: readonly DpkgPackage[];
  /** SHA-256 of the files that were asked for, hex, by path; a file that is not there is missing. */
  digests: ReadonlyMap<string, string>;
}

/** Our images have 0.3 MB. */
const LARGEST_STATUS = 16 * 1024 * 1024;

/**
 * Reads the root file system of a disk by our own code.
 *
 * @param files without a first slash.
 * @throws RangeError, SyntaxError, PosternError when there is no tree, or no dpkg in it.
 */
export async function readDiskContent(
  disk: ByteSource,
  files: readonly string[],
  signal: AbortSignal,
): Promise<ImageContent> {
  const { gpt, problems } = await readGpt(disk);
  const place = gpt?.partitions.find(({ name }) => name === PARTITION_NAME.root);
  if (gpt === undefined || place === undefined) {
    throw new RangeError(problems[0] ?? `it has no partition ${PARTITION_NAME.root}`);
  }
  const size = (place.last - place.first + 1) * gpt.sectorSize;
  const root = remembering(partOf(disk, place.first * gpt.sectorSize, size));
  const status = await fileIn(root, DPKG_STATUS);
  requireStatus(status?.size);
  const text = Buffer.concat(status === undefined ? [] : await Array.fromAsync(status.content()));
  const digests = new Map<string, string>();
  for (const path of files) {
    const node = await fileIn(root, path);
    if (node !== undefined) digests.set(path, await digestOf(node, signal));
  }
  return { packages: parseDpkgStatus(text.toString("utf8")), digests };
}

/**
 * Reads the tree of an installation medium by unsquashfs, which must be there: none of our code reads a squashfs.
 *
 * @param medium the same file as `path`.
 * @throws RangeError, SyntaxError, PosternError when there is no tree, or no dpkg in it.
 */
export async function readIsoContent(
  path: string,
  medium: ByteSource,
  files: readonly string[],
  signal: AbortSignal,
): Promise<ImageContent> {
  const squashfs = (await readVolume(medium)).files.get(ISO_PATHS.squashfs);
  if (squashfs === undefined) throw new RangeError(`it has no ${ISO_PATHS.squashfs}`);
  const work = await mkdtemp(join(tmpdir(), "postern-tree-"));
  try {
    const tree = join(work, "tree");
    const quiet = ["-quiet", "-no-progress", "-no-xattrs", "-no-wildcards"];
    const from = ["-offset", String(squashfs.offset), "-dest", tree, path];
    await run("unsquashfs", [...quiet, ...from, DPKG_STATUS, ...files], {
      signal,
      code: "artifact.squashfs",
    });
    const status = join(tree, DPKG_STATUS);
    requireStatus(await sizeOf(status));
    const digests = new Map<string, string>();
    for (const file of files) {
      const unpacked = join(tree, file);
      if ((await sizeOf(unpacked)) !== undefined) digests.set(file, await sha256File(unpacked, signal));
    }
    return { packages: parseDpkgStatus(await readFile(status, "utf8")), digests };
  } finally {
    await removeTree(work);
  }
}

async function fileIn(root: ByteSource, path: string): Promise<Ext4Node | undefined> {
  const node = await findExt4(root, path);
  if (node === undefined || (node.mode & FORMAT.mask) !== FORMAT.file) return undefined;
  // A broken inode may claim any size, and holes would be read for days.
  if (node.size > root.size) throw new RangeError(`/${path} is larger than its file system`);
  return node;
}

async function digestOf({ content }: Ext4Node, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of content()) {
    signal.throwIfAborted();
    hash.update(bytes);
  }
  return hash.digest("hex");
}

function requireStatus(size: number | undefined): void {
  if (size === undefined) throw new RangeError(`it has no /${DPKG_STATUS}`);
  if (size > LARGEST_STATUS) throw new RangeError(`/${DPKG_STATUS} has ${size} bytes`);
}

/** A file of a tree that may hold anything: links are not followed. */
async function sizeOf(path: string): Promise<number | undefined> {
  const found = await lstat(path).catch((error: unknown) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  });
  return found?.isFile() === true ? found.size : undefined;
}
