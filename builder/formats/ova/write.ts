import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { TarArchive } from "archiver";
import { type ByteSource, fileSource } from "../../../appliance/disk/bytes.ts";
import { PosternError } from "../../error.ts";
import { sha256File } from "../../host/sha256.ts";
import { largeFile, writeArchive } from "../archive.ts";
import type { FormatOptions } from "../format.ts";
import { readTables } from "../vmdk/tables.ts";
import type { OvaMachine, OvaProduct } from "./machine.ts";
import { manifestText } from "./manifest.ts";
import { renderOvf } from "./ovf.ts";
import { certText, type Signer, signatureProblems } from "./signature.ts";
import { contentOf, readMembers } from "./tar-read.ts";

export interface OvaOptions extends Pick<FormatOptions, "out" | "name" | "epoch" | "progress" | "signal"> {
  /** A VMDK from `writeVmdk`; several OVAs may share it. */
  vmdk: string;
  machine: OvaMachine;
  product: OvaProduct;
  /** The text that has to be accepted on import. */
  eula?: string;
  signer?: Signer;
}

/** A ustar entry holds one byte less; what is larger needs an extension that importers do not read. */
const LARGEST_MEMBER = 8 * 2 ** 30;
/** Characters that every importer takes in a file name; ustar has 100 bytes for it. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9.+=_-]{0,79}$/;

/**
 * Writes an OVA: ustar with the OVF first, then the manifest, its signature where there is a signer, then the disk;
 * fixed time, owner 0, mode 0644. The same VMDK, machine, epoch and signer give the same bytes. A signature is read
 * back from the file and verified.
 *
 * @throws PosternError `artifact.ova` for a name or a size that importers refuse, `artifact.vmdk` for another VMDK
 */
export async function writeOva(options: OvaOptions): Promise<void> {
  const { vmdk, out, name, epoch, machine, product, eula, signer, signal } = options;
  if (!NAME.test(name)) throw ovaError(`${name} is not a name that every importer takes`);
  const stats = await stat(vmdk);
  if (stats.size >= LARGEST_MEMBER)
    throw ovaError(`the compressed disk has ${stats.size} bytes, a tar for importers less than 8 GiB`);
  const file = `${name}-disk1.vmdk`;
  const disk = { file, fileSize: stats.size, ...(await diskFacts(vmdk)) };
  const ovf = Buffer.from(
    await renderOvf({ name, disk, machine, product, ...(eula === undefined ? {} : { eula }) }),
  );
  const digests = new Map([
    [`${name}.ovf`, createHash("sha256").update(ovf).digest("hex")],
    [file, await sha256File(vmdk, signal)],
  ]);
  const entry = { date: new Date(epoch * 1000), mode: 0o644 };
  const archive = new TarArchive();
  archive.append(ovf, { ...entry, name: `${name}.ovf` });
  const manifest = Buffer.from(manifestText(digests));
  archive.append(manifest, { ...entry, name: `${name}.mf` });
  if (signer !== undefined) {
    archive.append(Buffer.from(certText(`${name}.mf`, manifest, signer)), { ...entry, name: `${name}.cert` });
  }
  const source = largeFile(vmdk);
  archive.append(source, { ...entry, name: file, stats });
  await writeArchive(archive, options, source, stats.size);
  if (signer !== undefined) await withFile(out, checkSignature);
}

/** @throws PosternError `artifact.ova`; the file is left for whoever wants to see it */
async function checkSignature(file: ByteSource): Promise<void> {
  const { members } = await readMembers(file);
  const [, manifest, cert] = members;
  const problems =
    manifest === undefined || cert === undefined
      ? ["no signature"]
      : signatureProblems((await contentOf(cert)).toString(), manifest.name, await contentOf(manifest));
  if (problems.length > 0) throw ovaError(`the OVA was signed, and then: ${problems.join("; ")}`);
}

async function withFile<T>(path: string, work: (file: ByteSource) => Promise<T>): Promise<T> {
  const file = await open(path);
  return fileSource(file)
    .then(work)
    .finally(() => file.close());
}

async function diskFacts(vmdk: string): Promise<{ capacity: number; populated: number }> {
  const { tables, problems } = await withFile(vmdk, readTables);
  if (tables !== undefined && problems.length === 0) {
    return { capacity: tables.size, populated: tables.populated };
  }
  throw new PosternError({
    code: "artifact.vmdk",
    message: `${vmdk}: ${problems.join("; ")}`,
    hint: "Write the VMDK again.",
  });
}

function ovaError(message: string): PosternError {
  return new PosternError({ code: "artifact.ova", message, hint: "Change the name or the disk's size." });
}
