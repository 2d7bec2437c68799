import { createReadStream, type ReadStream } from "node:fs";
import type { Archiver } from "archiver";
import type { FormatOptions } from "./format.ts";
import { writeOutput } from "./output.ts";

const CHUNK = 1024 * 1024;

/** A large file on its way into an archive. */
export function largeFile(path: string): ReadStream {
  return createReadStream(path, { highWaterMark: CHUNK });
}

/**
 * Writes an archive whose largest member is read from `source`, of `total` bytes. It is read dry: when that stops
 * early, the archive is left as it is, because destroyed it would throw once more from an inner stream that nobody can
 * listen to.
 */
export async function writeArchive(
  archive: Archiver,
  { out, progress, signal }: Pick<FormatOptions, "out" | "progress" | "signal">,
  source: ReadStream,
  total: number,
): Promise<void> {
  archive.on("error", () => {});
  try {
    await writeOutput(out, 0, async (output) => {
      const finished = archive.finalize();
      finished.catch(() => {});
      for await (const chunk of archive.iterator({ destroyOnReturn: false })) {
        signal.throwIfAborted();
        await output.append(chunk);
        progress.bar(Math.min(source.bytesRead, total), total, "bytes");
      }
      await finished;
    });
  } finally {
    source.destroy();
  }
}
