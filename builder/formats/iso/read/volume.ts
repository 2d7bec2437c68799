import type { ByteSource } from "../../../../appliance/disk/bytes.ts";
import { BLOCK, both32, parseRecord, readTree, type VolumeFile } from "./directory.ts";

export interface Volume {
  /** Bytes that the volume takes of the medium. */
  size: number;
  id: string;
  /** By path, as Rock Ridge and Joliet name them. */
  files: ReadonlyMap<string, VolumeFile>;
  jolietFiles: ReadonlyMap<string, VolumeFile>;
  /** Where El Torito's catalogue lies, in bytes. */
  bootCatalog: number;
}

/** ECMA-119, section 8: descriptors from block 16 on, each with its type and `CD001`. */
const FIRST_DESCRIPTOR = 16;
const MOST_DESCRIPTORS = 16;
const TYPE = { boot: 0, primary: 1, supplementary: 2, end: 255 } as const;
const EL_TORITO = "EL TORITO SPECIFICATION";
/** Escape sequence of Joliet, level 3. */
const JOLIET = "%/E";

/** Reads an ISO 9660 volume. @throws RangeError for one that cannot be read. */
export async function readVolume(medium: ByteSource): Promise<Volume> {
  const descriptors = await readDescriptors(medium);
  const primary = descriptors.find(({ type }) => type === TYPE.primary)?.bytes;
  const boot = descriptors.find(
    ({ type, bytes }) => type === TYPE.boot && text(bytes, 7, 39) === EL_TORITO,
  )?.bytes;
  const joliet = descriptors.find(
    ({ type, bytes }) => type === TYPE.supplementary && bytes.toString("latin1", 88, 91) === JOLIET,
  )?.bytes;
  if (primary === undefined) throw new RangeError("it has no primary volume descriptor");
  if (joliet === undefined) throw new RangeError("it has no Joliet descriptor");
  if (boot === undefined) throw new RangeError("it has no El Torito boot record");
  if (primary.readUInt16LE(128) !== BLOCK) throw new RangeError("its blocks do not have 2048 bytes");
  const size = both32(primary, 80) * BLOCK;
  if (size > medium.size) throw new RangeError(`it is cut: ${medium.size} bytes of ${size}`);
  return {
    size,
    id: text(primary, 40, 72),
    files: await readTree(medium, rootOf(primary), "rockridge"),
    jolietFiles: await readTree(medium, rootOf(joliet), "joliet"),
    bootCatalog: boot.readUInt32LE(71) * BLOCK,
  };
}

async function readDescriptors(medium: ByteSource): Promise<{ type: number; bytes: Buffer }[]> {
  const found: { type: number; bytes: Buffer }[] = [];
  for (let index = 0; index < MOST_DESCRIPTORS; index++) {
    const bytes = await medium.read((FIRST_DESCRIPTOR + index) * BLOCK, BLOCK);
    if (bytes.toString("latin1", 1, 6) !== "CD001" || bytes.readUInt8(6) !== 1) break;
    const type = bytes.readUInt8(0);
    if (type === TYPE.end) return found;
    found.push({ type, bytes });
  }
  throw new RangeError("it is no ISO 9660 volume, or its descriptors do not end");
}

function rootOf(descriptor: Buffer): VolumeFile {
  return parseRecord(descriptor.subarray(156, 190));
}

function text(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("latin1", start, end).replace(/[\0 ]+$/, "");
}
