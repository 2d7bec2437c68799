import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { BLOCK, paddedSize, readHeader, type TarEntry } from "./tar.ts";

export interface OvaMember extends TarEntry {
  /** Where the content starts in the OVA, in bytes. */
  offset: number;
}

/** The members of an OVA in their order. @throws Error for a name that leaves the folder, or a broken tar. */
export async function ovaMembers(file: string): Promise<OvaMember[]> {
  const handle = await open(file, "r");
  try {
    return await walk(handle);
  } finally {
    await handle.close();
  }
}

/** Copies the one VMDK of an OVA into `folder`, where it must not be yet, and returns its path. */
export async function extractDisk(ova: string, folder: string): Promise<string> {
  const disks = (await ovaMembers(ova)).filter(({ name }) => name.endsWith(".vmdk"));
  const [disk, ...more] = disks;
  if (disk === undefined || more.length > 0)
    throw new Error(`${ova}: ${disks.length} VMDK files, expected one`);
  const target = join(folder, disk.name);
  const range = { start: disk.offset, end: disk.offset + disk.size - 1 };
  await pipeline(createReadStream(ova, range), createWriteStream(target, { flags: "wx" }));
  return target;
}

async function walk(handle: FileHandle): Promise<OvaMember[]> {
  const { size } = await handle.stat();
  const members: OvaMember[] = [];
  for (let at = 0; at < size; ) {
    const block = Buffer.alloc(BLOCK);
    const { bytesRead } = await handle.read(block, 0, BLOCK, at);
    const entry = readHeader(block.subarray(0, bytesRead));
    if (entry === undefined) break;
    if (entry.name !== basename(entry.name)) throw new Error(`an OVA member in a folder: ${entry.name}`);
    const offset = at + BLOCK;
    if (offset + entry.size > size) throw new Error(`${entry.name} is cut off`);
    members.push({ ...entry, offset });
    at = offset + paddedSize(entry.size);
  }
  return members;
}
