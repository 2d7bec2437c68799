import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { dataExtents, isSparse } from "../../host/extents.ts";

/** `sha256:<hex>` of the bytes, or `blocks:<hex>` of a sparse file's blocks that are not all zeros. */
export type Digest = `${Method}:${string}`;
type Method = "sha256" | "blocks";

/**
 * Bytes that are looked at together. Large enough to keep the cost of a read small; at the same time the
 * block of the `blocks` digest, so changing it raises CACHE_FORMAT.
 */
const BLOCK = 1024 * 1024;
const ZEROS = Buffer.alloc(BLOCK);

export const DIGEST = /^(sha256|blocks):[0-9a-f]{64}$/;

/**
 * The digest of a file: of its bytes where it is dense, of its blocks where it has holes. A disk image of
 * 16 GiB with 700 MiB in it would take half a minute by its bytes and takes a second by its blocks. The
 * blocks' digest depends only on the bytes too: which zeros are holes makes no difference.
 */
export async function digestFile(path: string, signal?: AbortSignal): Promise<Digest> {
  return withFile(path, async (file) =>
    digest(path, file, (await isSparse(file)) ? "blocks" : "sha256", signal),
  );
}

/** Whether a file still has a digest that was made before, in the way that was taken then. */
export async function hasDigest(path: string, expected: Digest, signal?: AbortSignal): Promise<boolean> {
  const method = expected.startsWith("blocks:") ? "blocks" : "sha256";
  return (await withFile(path, (file) => digest(path, file, method, signal))) === expected;
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function digest(path: string, file: FileHandle, method: Method, signal?: AbortSignal): Promise<Digest> {
  const { size } = await file.stat();
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(BLOCK);
  const blocks = method === "blocks" ? blocksOf(await dataExtents(path, size, signal)) : everyBlock(size);
  if (method === "blocks") hash.update(`${size}\n`);
  for (const at of blocks) {
    signal?.throwIfAborted();
    const bytes = await readBlock(file, buffer, at);
    if (method === "blocks") {
      if (bytes.equals(ZEROS.subarray(0, bytes.length))) continue;
      hash.update(`${at}\n`);
    }
    hash.update(bytes);
  }
  return `${method}:${hash.digest("hex")}`;
}

function* everyBlock(size: number): Generator<number> {
  for (let at = 0; at < size; at += BLOCK) yield at;
}

/** The starts of the blocks that the extents touch, each once, in order. */
function* blocksOf(extents: readonly { start: number; length: number }[]): Generator<number> {
  let next = 0;
  for (const { start, length } of extents) {
    const end = start + length;
    for (let at = Math.max(next, start - (start % BLOCK)); at < end; at += BLOCK) {
      yield at;
      next = at + BLOCK;
    }
  }
}

async function readBlock(file: FileHandle, buffer: Buffer, at: number): Promise<Buffer> {
  let have = 0;
  while (have < buffer.length) {
    const { bytesRead } = await file.read(buffer, have, buffer.length - have, at + have);
    if (bytesRead === 0) break;
    have += bytesRead;
  }
  return buffer.subarray(0, have);
}
