import { createHash } from "node:crypto";
import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import { type Check, check, differences } from "../check.ts";
import { type ContainerReading, containerReading } from "../format.ts";
import type { Range } from "../raw.ts";
import { readVmdk, type VmdkReading } from "../vmdk/read.ts";
import { type Digests, manifestText, readManifest } from "./manifest.ts";
import { type OvfFacts, readOvf } from "./ovf-read.ts";
import { signatureProblems } from "./signature.ts";
import { contentOf, type Member, readMembers } from "./tar-read.ts";

export interface OvaReading extends ContainerReading {
  /** Where the members lie in the file, for tools that read one of them. */
  parts?: { ovf: Range; vmdk: Range };
}

const PIECE = 1024 * 1024;
const LARGEST_TEXT = 1024 * 1024;

/** The members of an OVA by what they are. */
interface Parts {
  ovf: Member;
  manifest: Member;
  /** The manifest's signature, where it is signed. */
  cert?: Member;
  disk: Member;
}

/**
 * Reads and checks an OVA: plain ustar in the right order, a manifest whose digests hold, a signature that holds where
 * there is one, an OVF that agrees with the VMDK, and the VMDK itself from end to end.
 */
export async function readOva(file: ByteSource): Promise<OvaReading> {
  const { members, problems } = await readMembers(file);
  const found = partsOf(members);
  const order = found === undefined ? [`members ${namesOf(members)}: not OVF, manifest, disk`] : [];
  const large = [...largeTexts(found)];
  const tar = check("OVA: plain tar of OVF, manifest and disk", [...problems, ...order, ...large]);
  if (found === undefined || large.length > 0) return containerReading([tar]);
  const { ovf, manifest, cert, disk } = found;
  const digests = await digestsOf([ovf, disk]);
  const manifestBytes = await contentOf(manifest);
  const read = readOvf((await contentOf(ovf)).toString("utf8"));
  const vmdk = await readVmdk(disk.content);
  const checks: Check[] = [
    tar,
    check("OVA: digests of the manifest", manifestProblems(manifestBytes, digests)),
    ...(cert === undefined ? [] : [await signatureCheck(cert, manifest.name, manifestBytes)]),
    ...read.checks,
    check("OVF: agrees with the disk", agreementProblems(read.facts, disk, vmdk)),
    ...vmdk.checks,
  ];
  const parts = { ovf: rangeOf(ovf), vmdk: rangeOf(disk) };
  return { ...containerReading(checks, vmdk.disk), parts };
}

/** OVF, manifest, perhaps a signature, disk, in this order and nothing else. */
function partsOf(members: readonly Member[]): Parts | undefined {
  const [ovf, manifest, third, fourth, ...more] = members;
  if (ovf === undefined || manifest === undefined || third === undefined || more.length > 0) return;
  const disk = fourth ?? third;
  const stem = ovf.name.replace(/\.ovf$/, "");
  if (stem === ovf.name || manifest.name !== `${stem}.mf` || !disk.name.endsWith(".vmdk")) return;
  if (fourth === undefined) return { ovf, manifest, disk };
  return third.name === `${stem}.cert` ? { ovf, manifest, cert: third, disk } : undefined;
}

function namesOf(members: readonly Member[]): string {
  return members.map(({ name }) => name).join(", ");
}

function* largeTexts(parts: Parts | undefined): Generator<string> {
  for (const text of [parts?.ovf, parts?.manifest, parts?.cert]) {
    if (text !== undefined && text.content.size > LARGEST_TEXT) yield `${text.name}: more than 1 MiB`;
  }
}

async function signatureCheck(cert: Member, manifestName: string, manifest: Buffer): Promise<Check> {
  const text = (await contentOf(cert)).toString("latin1");
  return check("OVA: signature of the manifest", signatureProblems(text, manifestName, manifest));
}

function* manifestProblems(bytes: Buffer, actual: Digests): Generator<string> {
  const text = bytes.toString("latin1");
  const { digests, problems } = readManifest(text);
  yield* problems;
  for (const [name, digest] of actual) {
    if (digests.get(name) !== digest) yield `the digest of ${name} does not hold`;
  }
  if (digests.size !== actual.size) yield "it names other files";
  else if (problems.length === 0 && text !== manifestText(actual))
    yield "its lines are not in the files' order";
}

function agreementProblems(facts: OvfFacts | undefined, disk: Member, vmdk: VmdkReading): Iterable<string> {
  if (facts === undefined) return ["it names no disk"];
  return differences([
    ["file", facts.file, disk.name],
    ["file size", facts.fileSize, disk.content.size],
    ["capacity", facts.capacity, vmdk.disk?.size],
    ["populatedSize", facts.populated, vmdk.populated],
  ]);
}

async function digestsOf(members: readonly Member[]): Promise<Digests> {
  const digests = new Map<string, string>();
  for (const { name, content } of members) {
    const hash = createHash("sha256");
    for (let at = 0; at < content.size; at += PIECE) {
      hash.update(await content.read(at, Math.min(PIECE, content.size - at)));
    }
    digests.set(name, hash.digest("hex"));
  }
  return digests;
}

function rangeOf({ offset, content }: Member): Range {
  return { start: offset, length: content.size };
}
