import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { type ByteSource, fileSource } from "../../appliance/disk/bytes.ts";
import { formatOfName } from "../formats/names.ts";
import { readArtifact } from "../formats/read.ts";
import { run } from "../host/run.ts";
import { DISK_FORMATS, type Format } from "../recipe/recipe.ts";
import { firstDifference } from "./bytes.ts";
import { compareDisks, type DiskDifference } from "./disk.ts";
import { differentMembers } from "./members.ts";

/** An artifact that is open. */
interface Opened {
  file: ByteSource;
  /** The disk inside; undefined where there is none, or it cannot be read. */
  disk: ByteSource | undefined;
  close(): Promise<void>;
}

/** Formats whose disk our own code does not read. */
const BY_QEMU: readonly Format[] = ["qcow2"];

/**
 * What differs between two artifacts of the same name, from the container to the files on the disk inside.
 *
 * @param work an empty folder for what has to be unpacked.
 */
export async function compareArtifacts(
  before: string,
  after: string,
  work: string,
  signal: AbortSignal,
): Promise<DiskDifference> {
  const was = await openArtifact(before, join(work, "before.raw"), signal);
  try {
    const is = await openArtifact(after, join(work, "after.raw"), signal);
    try {
      return await compareOpened(was, is, formatOfName(before), signal);
    } finally {
      await is.close();
    }
  } finally {
    await was.close();
  }
}

async function compareOpened(
  was: Opened,
  is: Opened,
  format: Format | undefined,
  signal: AbortSignal,
): Promise<DiskDifference> {
  if (was.disk !== undefined && is.disk !== undefined) {
    const found = await compareDisks(was.disk, is.disk, signal);
    if (found.parts.length > 0 || found.files.length > 0) return found;
  }
  const members = await differentMembers(format, was.file, is.file, signal);
  if (members.length > 0) return { parts: members, files: [] };
  const at = await firstDifference(was.file, is.file, signal);
  const inside = was.disk === undefined ? "" : ", the disk inside is the same";
  return { parts: at === undefined ? [] : [`byte ${at} of the file${inside}`], files: [] };
}

async function openArtifact(path: string, raw: string, signal: AbortSignal): Promise<Opened> {
  const format = formatOfName(path);
  const handle = await open(path);
  const file = await fileSource(handle);
  if (format !== undefined && BY_QEMU.includes(format)) {
    await run("qemu-img", ["convert", "-f", format, "-O", "raw", path, raw], { signal });
    const disk = await open(raw);
    const close = async (): Promise<void> => {
      await Promise.all([handle.close(), disk.close()]);
      await rm(raw);
    };
    return { file, disk: await fileSource(disk), close };
  }
  const hasDisk = DISK_FORMATS.some((one) => one === format);
  const disk =
    format !== undefined && hasDisk ? (await readArtifact(file, path, format, signal)).disk : undefined;
  return { file, disk, close: () => handle.close() };
}
