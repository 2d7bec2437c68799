import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** SHA-256 of a file's bytes, hex; holes are read as the zeros they stand for. */
export async function sha256File(
  path: string,
  signal: AbortSignal,
  onBytes: (done: number) => void = () => undefined,
): Promise<string> {
  signal.throwIfAborted();
  const hash = createHash("sha256");
  let done = 0;
  // The stream's own way to end by a signal throws another error than the signal's.
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    signal.throwIfAborted();
    hash.update(bytes);
    done += bytes.length;
    onBytes(done);
  }
  return hash.digest("hex");
}
