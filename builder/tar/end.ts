import { open } from "node:fs/promises";
import { BLOCK, readHeader } from "./header.ts";

/**
 * Where a tar ends in a file or disk image: the offset behind its two zero blocks.
 * Reads headers only.
 *
 * @throws RangeError when there is no whole archive.
 */
export async function tarEnd(file: string): Promise<number> {
  const handle = await open(file, "r");
  try {
    const block = Buffer.alloc(BLOCK);
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(block, 0, BLOCK, at);
      if (bytesRead < BLOCK) throw new RangeError(`${file} holds no whole tar`);
      const header = readHeader(block);
      if (header === undefined) return at + 2 * BLOCK;
      at += BLOCK + Math.ceil(header.size / BLOCK) * BLOCK;
    }
  } finally {
    await handle.close();
  }
}
