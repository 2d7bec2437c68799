import { createHash } from "node:crypto";
import type { ByteSource } from "../../disk/bytes.ts";
import type { ContainerReading } from "../format.ts";
import { readVmdk } from "../vmdk/read.ts";
import { type Digests, readManifest } from "./manifest.ts";
import { bytesOf, type Member, readMembers } from "./members.ts";
import { readOvf } from "./ovf-read.ts";
import { signatureProblems } from "./signature.ts";

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
export async function readOva(file: ByteSource): Promise<ContainerReading> {
  const { members, problems } = await readMembers(file);
  const parts = partsOf(members);
  if (parts === undefined) {
    const names = members.map(({ name }) => name).join(", ");
    return { problems: [...problems, `members ${names}: not OVF, manifest, disk`] };
  }
  const { ovf, manifest, cert, disk } = parts;
  if ([ovf, manifest, cert].some((member) => (member?.content.size ?? 0) > LARGEST_TEXT)) {
    return { problems: [...problems, "an OVF, a manifest or a signature of more than 1 MiB"] };
  }
  const manifestBytes = await bytesOf(manifest);
  const { digests, problems: lines } = readManifest(manifestBytes.toString());
  problems.push(...lines, ...(await digestProblems([ovf, disk], digests)));
  if (cert !== undefined) {
    problems.push(...signatureProblems((await bytesOf(cert)).toString(), manifest.name, manifestBytes));
  }
  const { facts, problems: faults } = readOvf((await bytesOf(ovf)).toString());
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

/** OVF, manifest, perhaps a signature, disk, in this order and nothing else. */
function partsOf(members: readonly Member[]): Parts | undefined {
  const [ovf, manifest, third, fourth] = members;
  const disk = members.at(-1);
  if (ovf === undefined || manifest === undefined || third === undefined || disk === undefined) return;
  const stem = ovf.name.replace(/\.ovf$/, "");
  if (stem === ovf.name || manifest.name !== `${stem}.mf` || !disk.name.endsWith(".vmdk")) return;
  if (members.length === 3) return { ovf, manifest, disk };
  if (members.length === 4 && fourth === disk && third.name === `${stem}.cert`) {
    return { ovf, manifest, cert: third, disk };
  }
  return;
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
