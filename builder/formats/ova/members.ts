import { type ByteSource, isZero, partOf, roundUp } from "../../disk/bytes.ts";
import { messageOf } from "../../error.ts";
import { BLOCK, readHeader } from "../../tar/header.ts";

/** A file in an OVA. */
export interface Member {
  name: string;
  content: ByteSource;
}

const PIECE = 1024 * 1024;
/** User and group id in a tar header. */
const OWNER = { start: 108, end: 124 } as const;

/** The members of a tar, and everything about it that is not plain ustar as importers want it. */
export async function readMembers(file: ByteSource): Promise<{ members: Member[]; problems: string[] }> {
  const members: Member[] = [];
  const problems: string[] = [];
  let at = 0;
  try {
    for (;;) {
      const block = await file.read(at, BLOCK);
      const header = readHeader(block);
      if (header === undefined) break;
      const { name, size } = header;
      if (header.type !== "0") problems.push(`${name}: entry type ${JSON.stringify(header.type)}`);
      if (name.includes("/")) problems.push(`${name}: in a folder`);
      if (block.toString("latin1", 257, 265) !== "ustar\x0000") problems.push(`${name}: not ustar`);
      if (!isPlain(block)) problems.push(`${name}: owner or mode`);
      members.push({ name, content: partOf(file, at + BLOCK, size) });
      at += BLOCK + roundUp(size, BLOCK);
    }
    const rest = await file.read(at, Math.min(file.size - at, PIECE));
    if (rest.length !== file.size - at || rest.length < 2 * BLOCK || !isZero(rest)) {
      problems.push("the tar does not end in two empty blocks");
    }
  } catch (error) {
    problems.push(`tar: ${messageOf(error)}`);
  }
  return { members, problems };
}

/** All of a small member. */
export async function bytesOf({ content }: Member): Promise<Buffer> {
  return content.read(0, content.size);
}

/** Mode 0644, user and group 0. */
function isPlain(block: Buffer): boolean {
  const digits = (start: number, end: number): string =>
    block.toString("latin1", start, end).replace(/[ \0]/g, "");
  const owners = digits(OWNER.start, OWNER.end);
  return Number.parseInt(digits(100, 108), 8) === 0o644 && /^0+$/.test(owners);
}
