import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import type { Progress } from "../../../builder/pipeline/progress.ts";

/** A day in 2026, as SOURCE_DATE_EPOCH. */
export const EPOCH = 1_767_225_600;

/** A progress that tells nobody. */
export const quiet: Progress = {
  step: (_title, work) => work(quiet),
  bar: () => {},
  note: () => {},
};

/** Runs a body with a folder of its own that is gone afterwards. */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "postern-disk-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A new folder inside another. */
export async function folderIn(...parts: string[]): Promise<string> {
  const folder = join(...parts);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Bytes in memory as a disk. */
export function memorySource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    async read(offset, length) {
      if (offset + length > bytes.length) throw new RangeError("past the end");
      return bytes.subarray(offset, offset + length);
    },
  };
}
