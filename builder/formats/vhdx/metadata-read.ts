import { isZero } from "../../../appliance/disk/bytes.ts";
import { guidText } from "../../../appliance/disk/ids.ts";
import { differences } from "../check.ts";
import { LARGEST_DISK } from "../format.ts";
import { BLOCK, ITEM, ITEM_FLAG, LOGICAL_SECTOR, METADATA, PHYSICAL_SECTOR } from "./layout.ts";

const HEADER_BYTES = 32;
const ENTRY_BYTES = 32;

/** What the table must hold, in this order, each value behind the one before: [MS-VHDX] 2.6.2. */
const ITEMS = [
  { name: "file parameters", id: ITEM.fileParameters, length: 8, virtualDisk: false },
  { name: "disk size", id: ITEM.diskSize, length: 8, virtualDisk: true },
  { name: "disk id", id: ITEM.diskId, length: 16, virtualDisk: true },
  { name: "logical sector", id: ITEM.logicalSector, length: 4, virtualDisk: true },
  { name: "physical sector", id: ITEM.physicalSector, length: 4, virtualDisk: true },
] as const;

/**
 * Reads the metadata region, which has no checksum: every byte of it is compared with what it must be, except those
 * of the disk's id, which may be any.
 *
 * @returns the size of the disk in bytes; 0 when it cannot be
 */
export function readMetadata(region: Buffer): { size: number; problems: string[] } {
  const problems: string[] = [];
  const seen = Buffer.from(region);
  const signature = region.toString("latin1", 0, 8);
  if (signature !== METADATA.signature) return { size: 0, problems: ["no table"] };
  problems.push(...differences([["number of items", region.readUInt16LE(10), ITEMS.length]]));
  seen.fill(0, 0, 8).fill(0, 10, 12);
  const values = new Map<string, Buffer>();
  let next: number = METADATA.table;
  for (const [index, { name, id, length, virtualDisk }] of ITEMS.entries()) {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    const flags = ITEM_FLAG.required | (virtualDisk ? ITEM_FLAG.virtualDisk : 0);
    problems.push(
      ...differences([
        [`${name}: id`, guidText(region.subarray(at, at + 16)), id],
        [`${name}: offset`, region.readUInt32LE(at + 16), next],
        [`${name}: length`, region.readUInt32LE(at + 20), length],
        [`${name}: flags`, region.readUInt32LE(at + 24), flags],
      ]),
    );
    values.set(name, region.subarray(next, next + length));
    seen.fill(0, at, at + 28).fill(0, next, next + length);
    next += length;
  }
  if (!isZero(seen)) problems.push("bytes that belong to no item");
  const number = (name: (typeof ITEMS)[number]["name"], at = 0): number =>
    values.get(name)?.readUInt32LE(at) ?? 0;
  const size = number("disk size") + number("disk size", 4) * 2 ** 32;
  problems.push(
    ...differences([
      ["block size", number("file parameters"), BLOCK],
      ["flags of the file", number("file parameters", 4), 0],
      ["logical sector", number("logical sector"), LOGICAL_SECTOR],
      ["physical sector", number("physical sector"), PHYSICAL_SECTOR],
    ]),
  );
  if (isZero(values.get("disk id") ?? Buffer.alloc(0))) problems.push("no id of the disk");
  if (size > 0 && size % BLOCK === 0 && size <= LARGEST_DISK) return { size, problems };
  return { size: 0, problems: [...problems, `a disk of ${size} bytes`] };
}
