import { fileURLToPath } from "node:url";
import type { run } from "../../host/run.ts";
import type { Place } from "../layout.ts";

/** Runs a command as the owner of the tree's files; the shape of `run()`. */
export type Runner = typeof run;

export interface Ext4Options {
  /** Raw disk file, already at its full size. */
  image: string;
  place: Place;
  /** At most 16 characters. */
  label: string;
  uuid: string;
  hashSeed: string;
  /** Folder whose content it gets; empty without. */
  tree?: string;
  /** Bytes of the file system for each inode. */
  bytesPerInode: number;
  /** Percent kept for root. */
  reserved: number;
  /** Seconds since 1970. */
  epoch: number;
  asRoot: Runner;
  signal?: AbortSignal;
}

/**
 * Named one by one, so that no host's defaults get in. GRUB 2.12 reads these, and not metadata_csum_seed;
 * orphan_file would keep older kernels and e2fsprogs out.
 */
const FEATURES = [
  "none",
  "has_journal",
  "ext_attr",
  "resize_inode",
  "dir_index",
  "filetype",
  "extent",
  "64bit",
  "flex_bg",
  "sparse_super",
  "large_file",
  "huge_file",
  "dir_nlink",
  "extra_isize",
  "metadata_csum",
];
const BLOCK = 4096;
const JOURNAL_MIB = 64;

/** mke2fs's arguments for a file system at an offset of a raw file. */
export function mke2fsArguments(options: Ext4Options): string[] {
  const extended = [
    `offset=${options.place.offset}`,
    `hash_seed=${options.hashSeed}`,
    "root_owner=0:0",
    "nodiscard",
    // The tables are laid now: an appliance that zeroes them in its first minutes fills a thin disk for nothing.
    "lazy_itable_init=0",
    "lazy_journal_init=0",
  ];
  return [
    ...["-q", "-F", "-t", "ext4", "-b", String(BLOCK), "-I", "256", "-e", "remount-ro"],
    ...["-i", String(options.bytesPerInode), "-m", String(options.reserved), "-J", `size=${JOURNAL_MIB}`],
    ...["-O", FEATURES.join(","), "-E", extended.join(",")],
    ...["-U", options.uuid, "-L", options.label],
    ...(options.tree === undefined ? [] : ["-d", options.tree]),
    options.image,
    // In units of 1 KiB with a suffix, so that it does not hang on the block size.
    `${options.place.size / 1024}k`,
  ];
}

/** Makes the file system. @throws PosternError `artifact.ext4` when mke2fs fails, as for a tree that does not fit. */
export async function makeExt4(options: Ext4Options): Promise<void> {
  await options.asRoot("mke2fs", mke2fsArguments(options), {
    env: {
      MKE2FS_CONFIG: fileURLToPath(new URL("mke2fs.conf", import.meta.url)),
      // The first is e2fsprogs' own and works in all versions; newer ones know the second.
      E2FSPROGS_FAKE_TIME: String(options.epoch),
      SOURCE_DATE_EPOCH: String(options.epoch),
    },
    code: "artifact.ext4",
    hint: "When it did not fit, take packages out of the recipe; the root has 4 GiB.",
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/** Checks it without changing it. @throws PosternError `artifact.ext4` when e2fsck finds anything. */
export async function checkExt4(
  runner: Runner,
  image: string,
  place: Place,
  signal?: AbortSignal,
): Promise<void> {
  await runner("e2fsck", ["-f", "-n", `${image}?offset=${place.offset}`], {
    code: "artifact.ext4",
    hint: "Build it again; if it stays, check the host's memory and disk.",
    ...(signal === undefined ? {} : { signal }),
  });
}
