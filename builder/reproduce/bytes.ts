import type { ByteSource } from "../../appliance/disk/bytes.ts";

const PIECE = 1024 * 1024;

/**
 * Where two sources differ for the first time, in bytes; the end of the shorter one where that is all.
 *
 * @returns undefined when they are the same.
 */
export async function firstDifference(
  before: ByteSource,
  after: ByteSource,
  signal: AbortSignal,
): Promise<number | undefined> {
  const both = Math.min(before.size, after.size);
  for (let at = 0; at < both; at += PIECE) {
    signal.throwIfAborted();
    const length = Math.min(PIECE, both - at);
    const [a, b] = await Promise.all([before.read(at, length), after.read(at, length)]);
    if (!a.equals(b)) return at + a.findIndex((byte, index) => byte !== b[index]);
  }
  return before.size === after.size ? undefined : both;
}
