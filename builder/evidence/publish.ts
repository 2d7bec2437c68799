import { createHash } from "node:crypto";
import { chmod, type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PosternError } from "../error.ts";
import { isSparse } from "../host/extents.ts";
import { hasCode } from "../host/faults.ts";
import { partPath, removeParts, syncFolder } from "../host/write.ts";

/** A file as it lies in the output folder. */
export interface PublishedFile {
  /** Bytes. */
  size: number;
  /** Of its bytes, hex. */
  sha256: string;
}

const BLOCK = 1024 * 1024;
const ZEROS = Buffer.alloc(BLOCK);

/**
 * Makes the output folder and proves that files can be written there, before hours of work go into one.
 *
 * @throws PosternError `input.out` when something else has its name; system errors otherwise.
 */
export async function prepareOut(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await removeParts(out);
    const probe = partPath(join(out, "probe"));
    await (await open(probe, "wx")).close();
    await rm(probe);
  } catch (error) {
    if (!hasCode(error, "EEXIST", "ENOTDIR")) throw error;
    throw new PosternError({
      code: "input.out",
      message: `${out} is not a folder`,
      hint: "Name a folder for the images with --out FOLDER.",
      cause: error,
    });
  }
}

/**
 * Copies a file so that it appears whole, by one rename, and hashes it on the way. Blocks of zeros become
 * holes where the file has holes: a VHDX has none, because Hyper-V refuses a sparse one. It is a copy and no link: who changes a file in `dist/` must not change the cache.
 */
export async function publishFile(
  from: string,
  to: string,
  signal: AbortSignal,
  onBytes: (done: number, total: number) => void,
): Promise<PublishedFile> {
  const part = partPath(to);
  try {
    const source = await open(from, "r");
    try {
      const target = await open(part, "wx", 0o600);
      try {
        const published = await copy(source, target, signal, onBytes);
        await target.sync();
        await chmod(part, 0o644);
        await rename(part, to);
        await syncFolder(dirname(to));
        return published;
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function copy(
  source: FileHandle,
  target: FileHandle,
  signal: AbortSignal,
  onBytes: (done: number, total: number) => void,
): Promise<PublishedFile> {
  const { size } = await source.stat();
  const keepsHoles = await isSparse(source);
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(BLOCK);
  await target.truncate(size);
  let at = 0;
  while (at < size) {
    signal.throwIfAborted();
    const { bytesRead } = await source.read(buffer, 0, BLOCK, at);
    if (bytesRead === 0) throw new Error("the file became shorter while it was copied");
    const bytes = buffer.subarray(0, bytesRead);
    hash.update(bytes);
    if (!keepsHoles || !bytes.equals(ZEROS.subarray(0, bytesRead))) await writeAt(target, bytes, at);
    at += bytesRead;
    onBytes(at, size);
  }
  return { size, sha256: hash.digest("hex") };
}

async function writeAt(target: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await target.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** What identifies a file's bytes without reading them: any write changes at least one of these. */
export async function fileStamp(path: string): Promise<string | undefined> {
  try {
    const { size, ino, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [size, ino, mtimeNs, ctimeNs].join(" ");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
