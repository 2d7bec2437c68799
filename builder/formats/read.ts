import { open } from "node:fs/promises";
import { type ByteSource, fileSource } from "../../appliance/disk/bytes.ts";
import { readGpt } from "../../appliance/disk/gpt-read.ts";
import { PosternError } from "../error.ts";
import type { Progress } from "../pipeline/progress.ts";
import type { Format } from "../recipe/recipe.ts";
import { type Check, check, problemsOf } from "./check.ts";
import type { ContainerReading } from "./format.ts";
import { readHyperv } from "./hyperv/read.ts";
import { readIso } from "./iso/read/check.ts";
import { readOva } from "./ova/read.ts";
import { readQcow2 } from "./qcow2/read.ts";
import { readRawImage } from "./raw/read.ts";
import type { Range } from "./raw.ts";
import { readVhd } from "./vhd/read.ts";
import { readVhdx } from "./vhdx/read.ts";

export interface ReadOptions {
  signal?: AbortSignal;
  progress?: Progress;
}

/** An artifact while its file is open. */
export interface ArtifactReading extends ContainerReading {
  /** Bytes of the disk inside; 0 when it could not be read. */
  diskSize: number;
  /** Where an OVA's members lie in the file. */
  parts?: { ovf: Range; vmdk: Range };
}

/** What was found in an artifact. */
export interface ArtifactCheck {
  /** Bytes of the disk inside; 0 when it could not be read, and for an ISO, which holds none. */
  diskSize: number;
  problems: readonly string[];
}

type Reader = (
  file: ByteSource,
  path: string,
  signal?: AbortSignal,
) => Promise<Omit<ArtifactReading, "diskSize"> & { diskSize?: number }>;

const READERS: Readonly<Record<Format, Reader>> = {
  ova: readOva,
  vhdx: readVhdx,
  hyperv: readHyperv,
  vhd: readVhd,
  raw: readRawImage,
  qcow2: (_file, path, signal) => readQcow2(path, signal),
  iso: readIso,
};

/**
 * Opens an artifact with code that did not write it, and looks at everything in the container and at the partition
 * table of the disk inside. Whatever the file holds is told as problems.
 *
 * @throws when the file cannot be opened or read
 */
export async function withArtifact<T>(
  path: string,
  format: Format,
  { signal, progress }: ReadOptions,
  use: (reading: ArtifactReading) => Promise<T>,
): Promise<T> {
  const file = await open(path);
  try {
    const source = await fileSource(file);
    const watched: ByteSource = {
      size: source.size,
      async read(offset, length) {
        signal?.throwIfAborted();
        progress?.bar(offset, source.size, "bytes");
        return source.read(offset, length);
      },
    };
    return await use(await readArtifact(watched, path, format, signal));
  } finally {
    await file.close();
  }
}

/** The same for an open file; only a format whose reader is another program's needs the path. */
export async function readArtifact(
  file: ByteSource,
  path: string,
  format: Format,
  signal?: AbortSignal,
): Promise<ArtifactReading> {
  const reading = await READERS[format](file, path, signal);
  const checks = [...reading.checks, ...(await diskChecks(reading.disk))];
  const diskSize = reading.diskSize ?? reading.disk?.size ?? 0;
  return { ...reading, diskSize, checks, problems: problemsOf(checks) };
}

/** Everything wrong with an artifact, without the checks that found nothing. */
export function checkArtifact(
  path: string,
  format: Format,
  options: ReadOptions = {},
): Promise<ArtifactCheck> {
  return withArtifact(path, format, options, async ({ diskSize, problems }) => ({ diskSize, problems }));
}

async function diskChecks(disk: ByteSource | undefined): Promise<Check[]> {
  if (disk === undefined) return [];
  const name = "GPT: both headers, both copies of the entries, the partitions' places";
  try {
    return [check(name, (await readGpt(disk)).problems)];
  } catch (error) {
    // A container that is broken may not give its disk's bytes at all.
    if (error instanceof PosternError) return [check(name, [error.message])];
    throw error;
  }
}
