import { randomFillSync } from "node:crypto";
import { open } from "node:fs/promises";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** Disks that no build makes, to see that memory hangs on none of them. */
export const MADE_DISKS = {
  /** 64 GiB with 1 MiB of data in every GiB. */
  sparse: async (path: string) => {
    await write(
      path,
      64 * GIB,
      Array.from({ length: 64 }, (_, index) => index * GIB),
    );
  },
  /** 1 GiB that does not pack at all. */
  noise: async (path: string) => {
    await write(
      path,
      GIB,
      Array.from({ length: 1024 }, (_, index) => index * MIB),
    );
  },
} as const;

export type MadeDisk = keyof typeof MADE_DISKS;

async function write(path: string, size: number, places: readonly number[]): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.truncate(size);
    for (const place of places) await file.write(randomFillSync(Buffer.alloc(MIB)), 0, MIB, place);
  } finally {
    await file.close();
  }
}
