import { guidBytes, guidText } from "../../../appliance/disk/ids.ts";
import { BLOCK, ITEM, ITEM_FLAG, LOGICAL_SECTOR, METADATA, PHYSICAL_SECTOR } from "./layout.ts";

const HEADER_BYTES = 32;
const ENTRY_BYTES = 32;
const MOST_ENTRIES = 2047;

/** The metadata region: a table of items, and their values behind it. */
export function metadataRegion(size: number, diskId: string): Buffer {
  const { required, virtualDisk } = ITEM_FLAG;
  const items = [
    // Block size, then flags: no blocks kept, no parent.
    { id: ITEM.fileParameters, flags: required, value: numbers(BLOCK, 0) },
    {
      id: ITEM.diskSize,
      flags: required | virtualDisk,
      value: numbers(size % 2 ** 32, Math.floor(size / 2 ** 32)),
    },
    { id: ITEM.diskId, flags: required | virtualDisk, value: guidBytes(diskId) },
    { id: ITEM.logicalSector, flags: required | virtualDisk, value: numbers(LOGICAL_SECTOR) },
    { id: ITEM.physicalSector, flags: required | virtualDisk, value: numbers(PHYSICAL_SECTOR) },
  ];
  const region = Buffer.alloc(METADATA.size);
  region.write(METADATA.signature, 0, "latin1");
  region.writeUInt16LE(items.length, 10);
  let next: number = METADATA.table;
  items.forEach(({ id, flags, value }, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    guidBytes(id).copy(region, at);
    region.writeUInt32LE(next, at + 16);
    region.writeUInt32LE(value.length, at + 20);
    region.writeUInt32LE(flags, at + 24);
    value.copy(region, next);
    next += value.length;
  });
  return region;
}

/** Values of the items by GUID, or what is wrong with the table. */
export function readMetadata(region: Buffer): { items: Map<string, Buffer>; problems: string[] } {
  const items = new Map<string, Buffer>();
  const problems: string[] = [];
  const count = region.readUInt16LE(10);
  if (region.toString("latin1", 0, 8) !== METADATA.signature || count > MOST_ENTRIES) {
    return { items, problems: ["metadata: no table"] };
  }
  for (let index = 0; index < count; index++) {
    const entry = region.subarray(
      HEADER_BYTES + index * ENTRY_BYTES,
      HEADER_BYTES + (index + 1) * ENTRY_BYTES,
    );
    const id = guidText(entry.subarray(0, 16));
    const offset = entry.readUInt32LE(16);
    const length = entry.readUInt32LE(20);
    if (offset < METADATA.table || offset + length > region.length)
      problems.push(`metadata: ${id} lies outside`);
    if (items.has(id)) problems.push(`metadata: ${id} is there twice`);
    if ((entry.readUInt32LE(24) & ITEM_FLAG.required) === 0) problems.push(`metadata: ${id} is not required`);
    items.set(id, region.subarray(offset, offset + length));
  }
  return { items, problems };
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeUInt32LE(value, index * 4);
  });
  return bytes;
}
