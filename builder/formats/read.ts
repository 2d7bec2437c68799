import { open } from "node:fs/promises";
import { type ByteSource, fileSource } from "../../appliance/disk/bytes.ts";
import { readGpt } from "../../appliance/disk/gpt-read.ts";
import { messageOf } from "../error.ts";
import type { Format } from "../recipe/recipe.ts";
import type { ContainerReading } from "./format.ts";
import { readIso } from "./iso/read/check.ts";
import { readOva } from "./ova/read.ts";
import { readQcow2 } from "./qcow2/read.ts";
import { readVhd } from "./vhd/read.ts";
import { readVhdx } from "./vhdx/read.ts";

/** What was found in an artifact. */
export interface ArtifactCheck {
  /** Bytes of the disk inside; 0 when it could not be read, and for an ISO, which holds none. */
  diskSize: number;
  problems: string[];
}

type Reader = (file: ByteSource) => Promise<ContainerReading>;

const READERS: Readonly<Record<Exclude<Format, "qcow2">, Reader>> = {
  ova: readOva,
  vhdx: readVhdx,
  vhd: readVhd,
  iso: readIso,
};

/**
 * Opens an artifact with code that did not write it and lists everything wrong with the container and with the
 * partition table of the disk inside.
 *
 * @throws when the file cannot be opened
 */
export async function checkArtifact(
  path: string,
  format: Format,
  signal?: AbortSignal,
): Promise<ArtifactCheck> {
  if (format === "qcow2") {
    const { size, problems } = await readQcow2(path, signal);
    return { diskSize: size, problems };
  }
  const file = await open(path);
  try {
    const { disk, problems } = await READERS[format](await fileSource(file));
    if (disk === undefined) return { diskSize: 0, problems };
    // A container that is broken may not give its disk's bytes at all.
    const table = await readGpt(disk).catch((error: unknown) => ({ problems: [messageOf(error)] }));
    return { diskSize: disk.size, problems: [...problems, ...table.problems.map((text) => `GPT: ${text}`)] };
  } finally {
    await file.close();
  }
}
