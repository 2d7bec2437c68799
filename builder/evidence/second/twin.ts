import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ByteSource, writeExactly } from "../../../appliance/disk/bytes.ts";
import type { Range } from "../../formats/raw.ts";

/**
 * Makes a file that has a source's size and its bytes in some places, and holes everywhere else, for a program that
 * looks at those places only and cannot read the source itself. It is gone afterwards.
 */
export async function withTwin<T>(
  source: ByteSource,
  places: readonly Range[],
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "postern-verify-"));
  try {
    const path = join(folder, "twin");
    const file = await open(path, "wx", 0o600);
    try {
      await file.truncate(source.size);
      for (const { start, length } of places) {
        const count = Math.min(length, source.size - start);
        if (start >= 0 && count > 0) await writeExactly(file, start, await source.read(start, count));
      }
    } finally {
      await file.close();
    }
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
