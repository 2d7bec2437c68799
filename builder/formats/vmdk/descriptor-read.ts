import { differences } from "../check.ts";
import { GRAIN_SECTORS, type VmdkLayout } from "./layout.ts";

/** The ids in a descriptor that its disk's content decides. */
export interface ContentIds {
  cid?: string;
  longContentId?: string;
}

const HEADS = 255;
const SECTORS_PER_TRACK = 63;

/**
 * Reads the text descriptor line by line. Nothing but what VMware's own tool writes is taken, in its order: a value
 * that an importer reads and that stands nowhere else is thus never wrong unseen.
 */
export function readDescriptor(area: Buffer, layout: VmdkLayout): { ids: ContentIds; problems: string[] } {
  const end = area.indexOf(0);
  const text = area.toString("latin1", 0, end === -1 ? area.length : end);
  const problems: string[] = [];
  if (end !== -1 && area.subarray(end).some((byte) => byte !== 0)) problems.push("bytes behind its text");
  const expected = linesFor(layout);
  const lines = text.split("\n");
  problems.push(...differences([["its number of lines", lines.length, expected.length]]));
  for (const [index, [name, pattern]] of expected.entries()) {
    const line = lines[index] ?? "";
    if (!pattern.test(line)) problems.push(`${name}: ${JSON.stringify(line)}`);
  }
  const ids: ContentIds = {};
  const cid = /^CID=([0-9a-f]{8})$/m.exec(text)?.[1];
  if (cid !== undefined) ids.cid = cid;
  const longContentId = /^ddb\.longContentID = "([0-9a-f]{32})"$/m.exec(text)?.[1];
  if (longContentId !== undefined) ids.longContentId = longContentId;
  return { ids, problems };
}

/** Both ids are parts of the SHA-256 of what is on the disk; ffffffff would mean that there is no parent. */
export function* idProblems({ cid, longContentId }: ContentIds, contentHash: Buffer): Generator<string> {
  const short = contentHash.toString("hex", 0, 4);
  yield* differences([
    ["CID", cid, short === "ffffffff" ? "00000001" : short],
    ["longContentID", longContentId, contentHash.toString("hex", 0, 16)],
  ]);
}

function linesFor({ grains }: VmdkLayout): [string, RegExp][] {
  const capacity = grains * GRAIN_SECTORS;
  const cylinders = Math.ceil(capacity / (HEADS * SECTORS_PER_TRACK));
  return [
    ["first line", /^# Disk DescriptorFile$/],
    ["version", /^version=1$/],
    ["encoding", /^encoding="UTF-8"$/],
    ["CID", /^CID=(?!f{8}$)[0-9a-f]{8}$/],
    ["parentCID", /^parentCID=ffffffff$/],
    ["createType", /^createType="streamOptimized"$/],
    ["empty line", /^$/],
    ["heading of the extent", /^# Extent description$/],
    ["extent", new RegExp(`^RW ${capacity} SPARSE "[A-Za-z0-9._-]+"$`)],
    ["empty line", /^$/],
    ["heading of the data base", /^# The Disk Data Base$/],
    ["mark of the data base", /^#DDB$/],
    ["empty line", /^$/],
    ["adapter", /^ddb\.adapterType = "lsilogic"$/],
    ["cylinders", new RegExp(`^ddb\\.geometry\\.cylinders = "${cylinders}"$`)],
    ["heads", new RegExp(`^ddb\\.geometry\\.heads = "${HEADS}"$`)],
    ["sectors", new RegExp(`^ddb\\.geometry\\.sectors = "${SECTORS_PER_TRACK}"$`)],
    ["longContentID", /^ddb\.longContentID = "[0-9a-f]{32}"$/],
    ["toolsInstallType", /^ddb\.toolsInstallType = "4"$/],
    ["toolsVersion", /^ddb\.toolsVersion = "2147483647"$/],
    ["virtualHWVersion", /^ddb\.virtualHWVersion = "4"$/],
    ["last line", /^$/],
  ];
}
