import { randomFillSync } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { type ByteSource, fileSource, writeExactly } from "../../../appliance/disk/bytes.ts";
import { EPOCH, quiet } from "../disk/kit.ts";

export const MIB = 1024 * 1024;
const PIECE = 65536;

/** What stands in one piece of 64 KiB: nothing, bytes that pack well, or bytes that do not. */
export type Filling = "hole" | "zero" | "text" | "noise";

/** A small raw disk, piece by piece. The first and the last are what packers stumble over. */
export const fillings = fc
  .array(fc.constantFrom<Filling>("hole", "hole", "zero", "text", "noise"), { minLength: 16, maxLength: 48 })
  .map((list) => list.slice(0, Math.floor(list.length / 16) * 16));

/** Writes a raw disk with these pieces. Noise differs from run to run; nothing here depends on its bytes. */
export async function writeRaw(folder: string, name: string, pieces: readonly Filling[]): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, "wx");
  try {
    await file.truncate(pieces.length * PIECE);
    for (const [index, filling] of pieces.entries()) {
      if (filling === "hole") continue;
      const bytes = Buffer.alloc(PIECE, filling === "text" ? `piece ${index} ` : 0);
      if (filling === "noise") randomFillSync(bytes);
      await writeExactly(file, index * PIECE, bytes);
    }
  } finally {
    await file.close();
  }
  return path;
}

/** Options that every writer takes. */
export function optionsFor(raw: string, out: string) {
  return {
    raw,
    out,
    name: "postern-test",
    seed: "test seed",
    epoch: EPOCH,
    progress: quiet,
    signal: new AbortController().signal,
    jobs: 2,
  };
}

/** Opens a file as a source for a body. */
export async function withSource<T>(path: string, body: (source: ByteSource) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    return await body(await fileSource(file));
  } finally {
    await file.close();
  }
}

/** Whether a disk has the bytes of a raw file, without trusting either's idea of what is empty. */
export async function isSame(disk: ByteSource | undefined, raw: string): Promise<boolean> {
  if (disk === undefined) return false;
  return withSource(raw, async (source) => {
    if (source.size !== disk.size) return false;
    for (let at = 0; at < source.size; at += MIB) {
      if (!(await source.read(at, MIB)).equals(await disk.read(at, MIB))) return false;
    }
    return true;
  });
}

/** The source with one bit turned over. */
export function withFlippedBit(source: ByteSource, at: number, bit: number): ByteSource {
  return {
    size: source.size,
    async read(offset, length) {
      const bytes = Buffer.from(await source.read(offset, length));
      if (at >= offset && at < offset + length) {
        bytes.writeUInt8(bytes.readUInt8(at - offset) ^ (1 << bit), at - offset);
      }
      return bytes;
    },
  };
}

/** Whether a file's blocks on the host's disk hold all of it. */
export async function hasHoles(path: string): Promise<boolean> {
  const file = await open(path);
  const { size, blocks } = await file.stat().finally(() => file.close());
  return blocks * 512 < size;
}
