import { createHash, type Hash, hash } from "node:crypto";
import { type ByteSource, isZero } from "../../../appliance/disk/bytes.ts";
import { check, checkAll } from "../check.ts";
import { type ContainerReading, containerReading } from "../format.ts";
import { orderedWindow } from "../window.ts";
import { idProblems } from "./descriptor-read.ts";
import { grainDisk, inflateGrain, LARGEST_GRAIN } from "./grains.ts";
import { GRAIN_SECTORS, MARKER, SECTOR } from "./layout.ts";
import { readTables, type VmdkTables } from "./tables.ts";

export interface VmdkReading extends ContainerReading {
  /** Bytes of the grains that are there: OVF's populatedSize. */
  populated: number;
}

/** Grains that are inflated at once; Node's pool has four threads. */
const WINDOW = 8;

/**
 * Reads and checks a streamOptimized VMDK from its first byte to its last: header, descriptor, tables, every grain
 * in ascending order and without a gap, and exactly one empty sector at the end, which qemu-img does not check.
 */
export async function readVmdk(file: ByteSource): Promise<VmdkReading> {
  const { tables, checks: before } = await readTables(file);
  if (tables === undefined) return { ...containerReading(before), populated: 0 };
  const content = createHash("sha256");
  const grains = await checkAll(
    "VMDK: every grain whole and in its place, without gaps",
    grainProblems(file, tables, content),
  );
  const end = check("VMDK: one end-of-stream marker", await endProblems(file, tables));
  const ids = check("VMDK: content ids", idProblems(tables.ids, content.digest()));
  const disk = grainDisk(file, tables.size, tables.grains);
  return { ...containerReading([...before, grains, end, ids], disk), populated: tables.populated };
}

interface Place {
  /** Number of the grain on the disk. */
  index: number;
  sector: number;
  /** Sector behind it: where the next begins. None for the last: its own length says. */
  next?: number;
}

async function* placesOf(grains: Uint32Array): AsyncGenerator<Place> {
  let last: Place | undefined;
  for (const [index, sector] of grains.entries()) {
    if (sector === 0) continue;
    if (last !== undefined) yield { ...last, next: sector };
    last = { index, sector };
  }
  if (last !== undefined) yield last;
}

/** Follows the grains through the file. Each is judged by itself, so that one fault does not hide the others. */
async function* grainProblems(
  file: ByteSource,
  { grains, layout }: VmdkTables,
  content: Hash,
): AsyncGenerator<string> {
  const first = grains.find((sector) => sector !== 0) ?? layout.overhead;
  if (first !== layout.overhead) yield `the first is at sector ${first}, not at ${layout.overhead}`;
  const judge = (place: Place): Promise<Judged> => readGrain(file, place);
  for await (const { problem, hashed } of orderedWindow(placesOf(grains), WINDOW, judge)) {
    if (problem !== undefined) yield problem;
    if (hashed !== undefined) content.update(hashed);
  }
}

interface Judged {
  problem?: string;
  /** What goes into the content hash: the place and the SHA-256 of the bytes. */
  hashed?: string;
}

async function readGrain(file: ByteSource, { index, sector, next }: Place): Promise<Judged> {
  const say = (text: string): Judged => ({ problem: `grain ${index}: ${text}` });
  const start = sector * SECTOR;
  const end = Math.min(next === undefined ? file.size - SECTOR : next * SECTOR, file.size - SECTOR);
  if (end - start <= MARKER) return say(`no room for it at sector ${sector}`);
  const bytes = await file.read(start, Math.min(end - start, LARGEST_GRAIN));
  const length = bytes.readUInt32LE(8);
  if (bytes.readBigUInt64LE(0) !== BigInt(index * GRAIN_SECTORS)) return say("its marker names another");
  const sectors = Math.ceil((MARKER + length) / SECTOR);
  if (length === 0 || MARKER + length > bytes.length) return say(`a length of ${length} bytes`);
  if (next !== undefined && sector + sectors !== next) return say("the next does not begin behind it");
  if (!isZero(bytes.subarray(MARKER + length, sectors * SECTOR))) return say("bytes behind its data");
  const grain = await inflateGrain(bytes.subarray(MARKER, MARKER + length));
  if (grain === undefined) return say("does not inflate to 64 KiB");
  if (isZero(grain)) return say("is all zero and should not be there");
  return { hashed: `${index} ${hash("sha256", grain)}\n` };
}

/** What stands behind the last grain. */
async function endProblems(file: ByteSource, { layout, grains }: VmdkTables): Promise<string[]> {
  const last = grains.findLast((sector) => sector !== 0);
  if (last !== undefined && (last + 1) * SECTOR > file.size)
    return ["the last grain is behind the file's end"];
  const length = last === undefined ? 0 : (await file.read(last * SECTOR + 8, 4)).readUInt32LE(0);
  const end = last === undefined ? layout.overhead : last + Math.ceil((MARKER + length) / SECTOR);
  const rest = file.size - end * SECTOR;
  if (rest !== SECTOR) return [`${rest} bytes behind the last grain, expected one empty sector`];
  return isZero(await file.read(end * SECTOR, SECTOR)) ? [] : ["the last sector is not empty"];
}
