import { type ByteSource, isZero, partOf, roundUp } from "../../../appliance/disk/bytes.ts";
import { BLOCK } from "../../tar/header.ts";
import { differences } from "../check.ts";

/** A file in the archive. */
export interface Member {
  name: string;
  /** Where its content begins in the archive, in bytes. */
  offset: number;
  content: ByteSource;
}

/** An OVA has three, a signed one four; a broken archive can claim millions. */
const MOST_MEMBERS = 8;
const NAME = /^([A-Za-z0-9][A-Za-z0-9.+=_-]*)\0*$/;
const NUMBER = /^([0-7]+) ?\0?$/;

/** A field of the header: its name, where it stands, and the bytes it must have. */
type Field = readonly [name: string, start: number, end: number, pattern: RegExp];

const EMPTY = /^\0*$/;
const ZERO = /^0+ ?\0?$/;
/**
 * Every field of a ustar header but its numbers: POSIX.1-2017, pax, "ustar Interchange Format". The checksum is a
 * sum, which does not see that two bytes changed places; so each field is held to one form.
 */
const FIELDS: readonly Field[] = [
  ["mode", 100, 108, /^0*644 ?\0?$/],
  ["owner", 108, 116, ZERO],
  ["group", 116, 124, ZERO],
  ["type", 156, 157, /^0$/],
  ["link name", 157, 257, EMPTY],
  ["magic", 257, 262, /^ustar$/],
  ["end of the magic", 262, 263, EMPTY],
  ["version", 263, 265, /^00$/],
  ["owner's name", 265, 297, EMPTY],
  ["group's name", 297, 329, EMPTY],
  ["major device", 329, 337, ZERO],
  ["minor device", 337, 345, ZERO],
  ["prefix", 345, 500, EMPTY],
  ["bytes behind the last field", 500, 512, EMPTY],
];

/**
 * Reads a tar of plain files as importers want it: ustar without extensions, mode 0644, owner 0, one time for all,
 * and two empty blocks at its end. What follows a header that cannot be read is not looked at.
 */
export async function readMembers(file: ByteSource): Promise<{ members: Member[]; problems: string[] }> {
  const members: Member[] = [];
  const problems: string[] = [];
  const times = new Set<string>();
  let at = 0;
  while (members.length <= MOST_MEMBERS) {
    if (at + BLOCK > file.size) return { members, problems: [...problems, "it has no end"] };
    const block = await file.read(at, BLOCK);
    if (isZero(block)) break;
    const { name, size, time, faults } = readHeader(block);
    const what = name ?? `member ${members.length + 1}`;
    problems.push(...faults.map((fault) => `${what}: ${fault}`));
    if (size === undefined || at + BLOCK + size > file.size) {
      return { members, problems: [...problems, `${what}: it goes past the end of the file`] };
    }
    const content = partOf(file, at + BLOCK, size);
    members.push({ name: what, offset: at + BLOCK, content });
    if (time !== undefined) times.add(time);
    const end = at + BLOCK + roundUp(size, BLOCK);
    if (end > file.size) return { members, problems: [...problems, `${what}: its last block is cut off`] };
    const padding = await file.read(at + BLOCK + size, end - at - BLOCK - size);
    if (!isZero(padding)) problems.push(`${what}: bytes behind its content`);
    at = end;
  }
  if (times.size > 1) problems.push("its members have different times");
  problems.push(...differences([["bytes behind the last member", file.size - at, 2 * BLOCK]]));
  const isEmpty = at + 2 * BLOCK <= file.size && isZero(await file.read(at, 2 * BLOCK));
  return { members, problems: isEmpty ? problems : [...problems, "it does not end in two empty blocks"] };
}

/** All of a small member. */
export function contentOf({ content }: Member): Promise<Buffer> {
  return content.read(0, content.size);
}

interface Header {
  name?: string;
  size?: number;
  time?: string;
  faults: string[];
}

function readHeader(block: Buffer): Header {
  const text = (start: number, end: number): string => block.toString("latin1", start, end);
  const number = (start: number, end: number): string | undefined => NUMBER.exec(text(start, end))?.[1];
  const faults = FIELDS.filter(([, start, end, pattern]) => !pattern.test(text(start, end))).map(
    ([name, start, end]) => `${name}: ${JSON.stringify(text(start, end).replace(/\0+$/, ""))}`,
  );
  const name = NAME.exec(text(0, 100))?.[1];
  if (name === undefined) faults.push(`name ${JSON.stringify(text(0, 100).replace(/\0+$/, ""))}`);
  const size = number(124, 136);
  if (size === undefined) faults.push("its size is no number");
  const time = number(136, 148);
  if (time === undefined) faults.push("its time is no number");
  const sum = number(148, 156);
  if (sum === undefined || Number.parseInt(sum, 8) !== checksum(block)) faults.push("wrong checksum");
  return {
    faults,
    ...(name === undefined ? {} : { name }),
    ...(size === undefined ? {} : { size: Number.parseInt(size, 8) }),
    ...(time === undefined ? {} : { time }),
  };
}

/** The sum of all bytes; those of the sum itself count as blanks. */
function checksum(block: Buffer): number {
  let sum = 0;
  for (const [index, byte] of block.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return sum;
}
