import { DESCRIPTOR_SECTORS, SECTOR } from "./layout.ts";

/** BIOS geometry of an LSI Logic disk. Nothing boots by it; tools show it. */
const HEADS = 255;
const SECTORS_PER_TRACK = 63;
const NO_PARENT = 0xffffffff;

/**
 * The text descriptor: `contentHash` (SHA-256 of what is on the disk) gives both content ids, so that they change
 * when the content does and never else. `virtualHWVersion` 4 is what VMware's tool writes for every version.
 */
export function descriptor(capacity: number, contentHash: Buffer): Buffer {
  const cid = contentHash.readUInt32BE(0);
  const cylinders = Math.ceil(capacity / (HEADS * SECTORS_PER_TRACK));
  const lines = [
    "# Disk DescriptorFile",
    "version=1",
    'encoding="UTF-8"',
    `CID=${(cid === NO_PARENT ? 1 : cid).toString(16).padStart(8, "0")}`,
    "parentCID=ffffffff",
    'createType="streamOptimized"',
    "",
    "# Extent description",
    // A fixed name: the file is renamed without being written again.
    `RW ${capacity} SPARSE "disk.vmdk"`,
    "",
    "# The Disk Data Base",
    "#DDB",
    "",
    'ddb.adapterType = "lsilogic"',
    `ddb.geometry.cylinders = "${cylinders}"`,
    `ddb.geometry.heads = "${HEADS}"`,
    `ddb.geometry.sectors = "${SECTORS_PER_TRACK}"`,
    `ddb.longContentID = "${contentHash.toString("hex", 0, 16)}"`,
    'ddb.toolsInstallType = "4"',
    'ddb.toolsVersion = "2147483647"',
    'ddb.virtualHWVersion = "4"',
    "",
  ];
  const area = Buffer.alloc(DESCRIPTOR_SECTORS * SECTOR);
  area.write(lines.join("\n"), "latin1");
  return area;
}
