import { fileURLToPath } from "node:url";
import { type Ext4Settings, ext4Arguments } from "../../../appliance/disk/ext4.ts";
import type { Place } from "../../../appliance/disk/layout.ts";
import type { run } from "../../host/run.ts";

/** Runs a command as the owner of the tree's files; the shape of `run()`. */
export type Runner = typeof run;

export interface Ext4Options extends Ext4Settings {
  /** Raw disk file, already at its full size. */
  image: string;
  place: Place;
  hashSeed: string;
  /** Folder whose content it gets; empty without. */
  tree?: string;
  /** Seconds since 1970. */
  epoch: number;
  asRoot: Runner;
  signal?: AbortSignal;
}

/** mke2fs's arguments for a file system at an offset of a raw file. */
export function mke2fsArguments(options: Ext4Options): string[] {
  const { place, hashSeed, tree, image, ...settings } = options;
  const extended = [
    `offset=${place.offset}`,
    `hash_seed=${hashSeed}`,
    // The tables are laid now: an appliance that zeroes them in its first minutes fills a thin disk for nothing.
    "lazy_itable_init=0",
    "lazy_journal_init=0",
  ];
  return [
    ...ext4Arguments(settings, extended),
    ...(tree === undefined ? [] : ["-d", tree]),
    image,
    // In units of 1 KiB with a suffix, so that it does not hang on the block size.
    `${place.size / 1024}k`,
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
