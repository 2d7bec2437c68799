import { createHash } from "node:crypto";
import type { ByteSource } from "../../../appliance/disk/bytes.ts";

/**
 * Where a medium's own sum stands: the first bytes of what the primary volume descriptor leaves to whoever made it
 * (ECMA-119, 8.4.32). isomd5sum puts its sum there, too.
 */
const FIELD = { offset: 16 * 2048 + 883, length: 80 } as const;
const LABEL = "POSTERN SHA256 ";
const PIECE = 1024 * 1024;

/** Where the field stands, in bytes from the start of the medium. */
export const WHOLE_SUM_OFFSET: number = FIELD.offset;

/**
 * SHA-256 of every byte of a medium, the sum's own place counted as blanks: names, dates and their copies have no
 * other sum.
 */
export async function wholeSum(medium: ByteSource, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < medium.size; at += PIECE) {
    signal?.throwIfAborted();
    const bytes = await medium.read(at, Math.min(PIECE, medium.size - at));
    if (at === 0) bytes.fill(" ", FIELD.offset, FIELD.offset + FIELD.length);
    hash.update(bytes);
  }
  return hash.digest("hex");
}

/** The field for a sum. */
export function wholeSumField(sum: string): Buffer {
  return Buffer.from(`${LABEL}${sum}`.padEnd(FIELD.length), "latin1");
}

/** The sum that a medium carries; undefined where there is none. */
export async function saidSum(medium: ByteSource): Promise<string | undefined> {
  const text = (await medium.read(FIELD.offset, FIELD.length)).toString("latin1");
  return new RegExp(`^${LABEL}([0-9a-f]{64}) *$`).exec(text)?.[1];
}
