import type { ByteSource } from "../../../../appliance/disk/bytes.ts";

const BLOCK = 2048;
/** Continuation areas that follow each other; ours need one at most. */
const MOST_AREAS = 4;
const ENTRY_HEAD = 4;

/** Joliet: UCS-2, big endian; `;1` is the file's version. */
export function decodeJoliet(name: Buffer): string {
  const swapped = Buffer.from(name.subarray(0, name.length - (name.length % 2))).swap16();
  return swapped.toString("utf16le").replace(/;1$/, "");
}

/**
 * The name that Rock Ridge gives: the NM entries of a record's system use area, and of the areas that a CE entry
 * names (IEEE P1281 and P1282).
 *
 * @throws RangeError for an area that cannot be read.
 */
export async function rockRidgeName(medium: ByteSource, systemUse: Buffer): Promise<string> {
  let name = "";
  let area: Buffer | undefined = systemUse;
  for (let count = 0; area !== undefined && count < MOST_AREAS; count++) {
    let next: { offset: number; length: number } | undefined;
    for (const entry of entriesOf(area)) {
      const signature = entry.toString("latin1", 0, 2);
      if (signature === "NM" && entry.length > ENTRY_HEAD) name += entry.toString("utf8", ENTRY_HEAD + 1);
      if (signature === "CE" && entry.length >= 28) {
        next = {
          offset: entry.readUInt32LE(4) * BLOCK + entry.readUInt32LE(12),
          length: entry.readUInt32LE(20),
        };
      }
    }
    if (next !== undefined && next.length > BLOCK) throw new RangeError("a Rock Ridge area is too long");
    area = next === undefined ? undefined : await medium.read(next.offset, next.length);
  }
  return name;
}

/** The entries of a system use area: signature, length, version, data. */
function entriesOf(area: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at + ENTRY_HEAD <= area.length; ) {
    const length = area.readUInt8(at + 2);
    if (length < ENTRY_HEAD || at + length > area.length) break;
    entries.push(area.subarray(at, at + length));
    at += length;
  }
  return entries;
}
