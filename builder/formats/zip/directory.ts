import { type ByteSource, partOf } from "../../../appliance/disk/bytes.ts";
import { centralProblem, centralTime, HAS_DESCRIPTOR, isOneDisk, isSameHeader } from "./fields.ts";

/** A file in a zip (APPNOTE.TXT 6.3, PKWARE). */
export interface ZipEntry {
  name: string;
  method: "stored" | "deflated";
  /** CRC-32 of the content. */
  crc: number;
  /** Bytes of the content. */
  size: number;
  /** The bytes as they are stored. */
  packed: ByteSource;
}

const END = { signature: 0x06054b50, size: 22 } as const;
const END64 = { signature: 0x06064b50, size: 56 } as const;
const LOCATOR64 = { signature: 0x07064b50, size: 20 } as const;
const CENTRAL = { signature: 0x02014b50, size: 46 } as const;
const LOCAL = { signature: 0x04034b50, size: 30 } as const;
const EXTRA64 = 1;
/** In a field of 16 or 32 bits: the value is elsewhere, in 64. */
const ELSEWHERE16 = 0xffff;
const ELSEWHERE32 = 0xffffffff;
const DESCRIPTOR = { signature: 0x08074b50, size: 16, size64: 24 } as const;
const LARGEST_DIRECTORY = 1024 * 1024;

/**
 * The entries of a zip, from the directory at its end. They and the directory must fill the file without a gap and a
 * comment, and what stands before and behind each entry must say the same as the directory: what one unpacker reads
 * and another does not must not hide there.
 *
 * @throws RangeError with what is wrong
 */
export async function readZipDirectory(file: ByteSource): Promise<ZipEntry[]> {
  if (file.size < END.size) throw new RangeError("shorter than an empty zip");
  const { count, size, offset } = await readEnd(file);
  if (size > LARGEST_DIRECTORY || offset + size > file.size)
    throw new RangeError("a directory that is not in it");
  const directory = await file.read(offset, size);
  const entries: ZipEntry[] = [];
  let at = 0;
  let end = 0;
  for (let number = 0; number < count; number++) {
    const central = readCentral(directory, at);
    if (central.start !== end) throw new RangeError(`${central.name}: not right behind the one before`);
    if (centralTime(directory) !== centralTime(central.head))
      throw new RangeError(`${central.name}: another time`);
    const { entry, behind } = await readEntry(file, central);
    [at, end] = [central.next, behind];
    entries.push(entry);
  }
  if (at !== size || end !== offset) throw new RangeError("bytes that belong to no entry");
  return entries;
}

interface Directory {
  count: number;
  size: number;
  offset: number;
}

async function readEnd(file: ByteSource): Promise<Directory> {
  const at = file.size - END.size;
  const end = await file.read(at, END.size);
  if (end.readUInt32LE(0) !== END.signature || end.readUInt16LE(20) !== 0)
    throw new RangeError("no zip at its end");
  if (!isOneDisk(end)) throw new RangeError("it is spread over several files");
  const found = { count: end.readUInt16LE(10), size: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
  const isElsewhere =
    found.count === ELSEWHERE16 || found.size === ELSEWHERE32 || found.offset === ELSEWHERE32;
  const directory = isElsewhere ? await readEnd64(file, at) : found;
  const behind = isElsewhere ? at - LOCATOR64.size - END64.size : at;
  if (directory.offset + directory.size !== behind)
    throw new RangeError("the directory does not end where it should");
  return directory;
}

async function readEnd64(file: ByteSource, at: number): Promise<Directory> {
  const start = at - LOCATOR64.size - END64.size;
  if (start < 0) throw new RangeError("no 64-bit end");
  const bytes = await file.read(start, END64.size + LOCATOR64.size);
  const locator = bytes.subarray(END64.size);
  const isRight =
    bytes.readUInt32LE(0) === END64.signature &&
    locator.readUInt32LE(0) === LOCATOR64.signature &&
    locator.readBigUInt64LE(8) === BigInt(start);
  if (!isRight) throw new RangeError("no 64-bit end");
  const long = (place: number): number => Number(bytes.readBigUInt64LE(place));
  return { count: long(32), size: long(40), offset: long(48) };
}

interface Central extends Omit<ZipEntry, "packed"> {
  packedSize: number;
  /** Where the entry begins. */
  start: number;
  /** Where the next one begins in the directory. */
  next: number;
  /** Its bytes before the name. */
  head: Buffer;
}

function readCentral(directory: Buffer, at: number): Central {
  const head = directory.subarray(at, at + CENTRAL.size);
  if (head.length < CENTRAL.size || head.readUInt32LE(0) !== CENTRAL.signature)
    throw new RangeError("no entry");
  const extraAt = at + CENTRAL.size + head.readUInt16LE(28);
  const extra = directory.subarray(extraAt, extraAt + head.readUInt16LE(30));
  const name = directory.toString("latin1", at + CENTRAL.size, extraAt);
  const fields = wide([head.readUInt32LE(24), head.readUInt32LE(20), head.readUInt32LE(42)], extra);
  const [size = 0, packedSize = 0, start = 0] = fields;
  const isWide = [20, 24, 42].some((field) => head.readUInt32LE(field) === ELSEWHERE32);
  const problem = centralProblem(head, isWide);
  if (problem !== undefined) throw new RangeError(`${name}: ${problem}`);
  const next = extraAt + extra.length;
  return {
    name,
    method: methodOf(head.readUInt16LE(10), name),
    crc: head.readUInt32LE(16),
    size,
    packedSize,
    start,
    next,
    head,
  };
}

/** Size, packed size and offset; those that do not fit into 32 bits stand in the extra field, in this order. */
function wide(fields: readonly number[], extra: Buffer): number[] {
  if (fields.every((field) => field !== ELSEWHERE32)) return [...fields];
  if (extra.length < 4 || extra.readUInt16LE(0) !== EXTRA64) throw new RangeError("no 64-bit sizes");
  let at = 4;
  return fields.map((field) => {
    if (field !== ELSEWHERE32) return field;
    if (at + 8 > extra.length) throw new RangeError("no 64-bit sizes");
    at += 8;
    return Number(extra.readBigUInt64LE(at - 8));
  });
}

/** Adds where the bytes lie, which only the header before them says. */
async function readEntry(file: ByteSource, central: Central): Promise<{ entry: ZipEntry; behind: number }> {
  const { name, method, crc, size, packedSize, start } = central;
  const head = await readWithin(file, start, LOCAL.size, name);
  const [flags, nameLength, extraLength] = [6, 26, 28].map((at) => head.readUInt16LE(at));
  const content = start + LOCAL.size + (nameLength ?? 0) + (extraLength ?? 0);
  const own = await readWithin(file, start + LOCAL.size, nameLength ?? 0, name);
  const isRight =
    head.readUInt32LE(0) === LOCAL.signature &&
    own.toString("latin1") === name &&
    isSameHeader(head, central.head) &&
    methodOf(head.readUInt16LE(8), name) === method;
  if (!isRight || (extraLength !== 0 && size <= ELSEWHERE32)) {
    throw new RangeError(`${name}: its header is of another entry`);
  }
  const behind = content + packedSize;
  if (behind > file.size) throw new RangeError(`${name}: behind the end`);
  const said = ((flags ?? 0) & HAS_DESCRIPTOR) !== 0 ? await descriptorSize(file, behind, central) : 0;
  // Where they stand behind the content, here is nothing; a large entry says that they are elsewhere.
  const told = said === 0 ? [crc, packedSize, size] : [0, 0, 0];
  const isTold = [14, 18, 22].every((at, index) => {
    const number = head.readUInt32LE(at);
    return number === told[index] || (size > ELSEWHERE32 && index > 0 && number === ELSEWHERE32);
  });
  if (!isTold) {
    throw new RangeError(`${name}: its header has another sum or size`);
  }
  const packed = partOf(file, content, packedSize);
  return { entry: { name, method, crc, size, packed }, behind: behind + said };
}

/** Bytes of the descriptor behind an entry. */
async function descriptorSize(file: ByteSource, at: number, central: Central): Promise<number> {
  const { name, crc, size, packedSize } = central;
  const isLong = Math.max(size, packedSize) > ELSEWHERE32;
  const bytes = await readWithin(file, at, isLong ? DESCRIPTOR.size64 : DESCRIPTOR.size, name);
  const number = (place: number): number =>
    isLong ? Number(bytes.readBigUInt64LE(8 + place * 8)) : bytes.readUInt32LE(8 + place * 4);
  const isRight =
    bytes.readUInt32LE(0) === DESCRIPTOR.signature &&
    bytes.readUInt32LE(4) === crc &&
    number(0) === packedSize &&
    number(1) === size;
  if (!isRight) throw new RangeError(`${name}: what stands behind it has another sum or size`);
  return bytes.length;
}

async function readWithin(file: ByteSource, at: number, length: number, name: string): Promise<Buffer> {
  if (at + length > file.size) throw new RangeError(`${name}: behind the end`);
  return file.read(at, length);
}

function methodOf(number: number, name: string): ZipEntry["method"] {
  if (number === 0) return "stored";
  if (number === 8) return "deflated";
  throw new RangeError(`${name}: compression method ${number}`);
}
