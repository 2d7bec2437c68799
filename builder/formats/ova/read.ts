import { createHash } from "node:crypto";
import { type ByteSource, isZero, partOf, roundUp } from "../../../appliance/disk/bytes.ts";
import { messageOf } from "../../error.ts";
import { BLOCK, readHeader } from "../../tar/header.ts";
import type { ContainerReading } from "../format.ts";
import { readVmdk } from "../vmdk/read.ts";
import { type Digests, readManifest } from "./manifest.ts";
import { readOvf } from "./ovf-read.ts";

interface Member {
  name: string;
  content: ByteSource;
}

const PIECE = 1024 * 1024;
const LARGEST_TEXT = 1024 * 1024;
/** User and group id in a tar header. */
const OWNER = { start: 108, end: 124 } as const;

/**
 * Reads and checks an OVA: plain ustar in the right order, a manifest whose digests hold, an OVF that agrees with the
 * VMDK, and the VMDK itself from end to end.
 */
export async function readOva(file: ByteSource): Promise<ContainerReading> {
  const { members, problems } = await readMembers(file);
  const [ovf, manifest, disk, ...more] = members;
  const isOrdered =
    ovf?.name.endsWith(".ovf") === true &&
    manifest?.name === ovf.name.replace(/\.ovf$/, ".mf") &&
    disk?.name.endsWith(".vmdk") === true;
  if (!isOrdered || more.length > 0) {
    return {
      problems: [
        ...problems,
        `members ${members.map(({ name }) => name).join(", ")}: not OVF, manifest, disk`,
      ],
    };
  }
  if (ovf.content.size > LARGEST_TEXT || manifest.content.size > LARGEST_TEXT) {
    return { problems: [...problems, "an OVF or a manifest of more than 1 MiB"] };
  }
  const { digests, problems: lines } = readManifest(await textOf(manifest));
  problems.push(...lines, ...(await digestProblems([ovf, disk], digests)));
  const { facts, problems: faults } = readOvf(await textOf(ovf));
  problems.push(...faults.map((text) => `OVF: ${text}`));
  const vmdk = await readVmdk(disk.content);
  problems.push(...vmdk.problems.map((text) => `VMDK: ${text}`));
  const wanted: [string, unknown, unknown][] = [
    ["file", facts?.file, disk.name],
    ["file size", facts?.fileSize, disk.content.size],
    ["capacity", facts?.capacity, vmdk.disk?.size],
    ["populatedSize", facts?.populated, vmdk.populated],
  ];
  for (const [name, is, should] of wanted) {
    if (is !== should) problems.push(`OVF: ${name} is ${is}, the VMDK's is ${should}`);
  }
  return { ...(vmdk.disk === undefined ? {} : { disk: vmdk.disk }), problems };
}

async function readMembers(file: ByteSource): Promise<{ members: Member[]; problems: string[] }> {
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

/** Mode 0644, user and group 0. */
function isPlain(block: Buffer): boolean {
  const digits = (start: number, end: number): string =>
    block.toString("latin1", start, end).replace(/[ \0]/g, "");
  const owners = digits(OWNER.start, OWNER.end);
  return Number.parseInt(digits(100, 108), 8) === 0o644 && /^0+$/.test(owners);
}

async function digestProblems(members: readonly Member[], digests: Digests): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, content } of members) {
    const hash = createHash("sha256");
    for (let at = 0; at < content.size; at += PIECE) {
      hash.update(await content.read(at, Math.min(PIECE, content.size - at)));
    }
    if (digests.get(name) !== hash.digest("hex"))
      problems.push(`manifest: the digest of ${name} does not hold`);
  }
  if (digests.size !== members.length) problems.push("manifest: it names other files");
  return problems;
}

async function textOf({ content }: Member): Promise<string> {
  return (await content.read(0, content.size)).toString("utf8");
}
