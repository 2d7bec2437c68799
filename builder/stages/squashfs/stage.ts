import { createReadStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { roundUp } from "../../../appliance/disk/bytes.ts";
import { run } from "../../host/run.ts";
import { sha256File } from "../../host/sha256.ts";
import type { Stage, StageContext } from "../../pipeline/stage.ts";
import { filterTar } from "../../tar/filter.ts";
import type { TarEntry } from "../../tar/members.ts";

/** What the installation medium says of its tree. */
export interface TreeFacts {
  /** Bytes of the squashfs. */
  size: number;
  /** SHA-256 of the squashfs, hex. */
  sha256: string;
  /** Bytes that its files take on a disk with blocks of 4 KiB. */
  unpacked: number;
}

export const SQUASHFS_FILE = "tree.squashfs";
export const FACTS_FILE = "squashfs.json";

const CHUNK = 1024 * 1024;
const DISK_BLOCK = 4096;
const LEVEL = 15;
/**
 * A block is unpacked whole for a byte of it, and a starting system reads many small files. zstd packs these as small
 * as blocks of 1 MiB: it searches more thoroughly where there is less to search.
 */
const BLOCK = "128K";

/** Packs the sealed tree for the installation medium: read in one go, unpacked by the kernel. */
export function squashfsStage(epoch: number, inputs: Readonly<Record<string, string>>): Stage {
  return {
    id: "squashfs",
    title: "sealed tree packed for the installation medium",
    needs: ["seal"],
    inputs: { ...inputs, epoch: String(epoch) },
    outputs: [SQUASHFS_FILE, FACTS_FILE],
    run: (context) => pack(epoch, context),
  };
}

async function pack(epoch: number, context: StageContext): Promise<void> {
  const { signal } = context;
  const source = context.input("seal", "root.tar");
  const out = join(context.out, SQUASHFS_FILE);
  let unpacked = 0;
  const judge = (entry: TarEntry): "keep" => {
    unpacked += entry.type === "directory" ? DISK_BLOCK : roundUp(entry.size, DISK_BLOCK);
    return "keep";
  };
  const counted = counting(source, context);
  const tar = Readable.from(filterTar(counted, { judge, read: (_entry, content) => content }), {
    objectMode: true,
    highWaterMark: 64,
  });
  await run("mksquashfs", squashfsArgs(out, context.jobs), {
    signal,
    input: tar,
    // Its own time, and the latest that a file may have.
    env: { SOURCE_DATE_EPOCH: String(epoch) },
    code: "artifact.squashfs",
  });
  const { size } = await stat(out);
  const facts: TreeFacts = { size, sha256: await sha256File(out, signal), unpacked };
  await writeFile(join(context.out, FACTS_FILE), `${JSON.stringify(facts)}\n`);
}

/** The root itself is no entry of the tar, so its owner and mode are said. */
export function squashfsArgs(out: string, jobs: number): string[] {
  return [
    ...["-", out, "-tar", "-noappend", "-quiet", "-no-progress", "-processors", String(jobs)],
    ...["-comp", "zstd", "-Xcompression-level", String(LEVEL), "-b", BLOCK],
    ...["-root-mode", "755", "-root-uid", "0", "-root-gid", "0", "-root-time", "0"],
  ];
}

async function* counting(source: string, { signal, progress }: StageContext): AsyncGenerator<Buffer> {
  const { size } = await stat(source);
  let done = 0;
  for await (const chunk of createReadStream(source, { highWaterMark: CHUNK, signal })) {
    yield chunk;
    done += chunk.length;
    progress.bar(done, size, "bytes");
  }
}
