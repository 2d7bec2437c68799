import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { TarArchive } from "archiver";
import { fileSource } from "../../../appliance/disk/bytes.ts";
import { PosternError } from "../../error.ts";
import type { FormatOptions } from "../format.ts";
import { writeOutput } from "../output.ts";
import { readTables } from "../vmdk/tables.ts";
import type { OvaMachine, OvaProduct } from "./machine.ts";
import { manifestText } from "./manifest.ts";
import { renderOvf } from "./ovf.ts";

export interface OvaOptions extends Pick<FormatOptions, "out" | "name" | "epoch" | "progress" | "signal"> {
  /** A VMDK from `writeVmdk`; several OVAs may share it. */
  vmdk: string;
  machine: OvaMachine;
  product: OvaProduct;
}

/** A ustar entry holds one byte less; what is larger needs an extension that importers do not read. */
const LARGEST_MEMBER = 8 * 2 ** 30;
const CHUNK = 1024 * 1024;
/** Characters that every importer takes in a file name; ustar has 100 bytes for it. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9.+=_-]{0,79}$/;

/**
 * Writes an OVA: ustar with the OVF first, then the manifest, then the disk; fixed time, owner 0, mode 0644.
 * The same VMDK, machine and epoch give the same bytes.
 *
 * @throws PosternError `artifact.ova` for a name or a size that importers refuse, `artifact.vmdk` for another VMDK
 */
export async function writeOva(options: OvaOptions): Promise<void> {
  const { vmdk, name, epoch, machine, product, signal } = options;
  if (!NAME.test(name)) throw ovaError(`${name} is not a name that every importer takes`);
  const stats = await stat(vmdk);
  if (stats.size >= LARGEST_MEMBER)
    throw ovaError(`the compressed disk has ${stats.size} bytes, a tar for importers less than 8 GiB`);
  const file = `${name}-disk1.vmdk`;
  const disk = { file, fileSize: stats.size, ...(await diskFacts(vmdk)) };
  const ovf = Buffer.from(await renderOvf({ name, disk, machine, product }));
  const digests = new Map([
    [`${name}.ovf`, createHash("sha256").update(ovf).digest("hex")],
    [file, await digestOf(vmdk, signal)],
  ]);
  const entry = { date: new Date(epoch * 1000), mode: 0o644 };
  const archive = new TarArchive();
  archive.append(ovf, { ...entry, name: `${name}.ovf` });
  archive.append(Buffer.from(manifestText(digests)), { ...entry, name: `${name}.mf` });
  const source = createReadStream(vmdk, { highWaterMark: CHUNK });
  archive.append(source, { ...entry, name: file, stats });
  try {
    await writeArchive(archive, options, stats.size);
  } finally {
    source.destroy();
  }
}

/**
 * Reads the archive dry. When that stops early, the archive is left as it is: destroyed, it would throw once more
 * from an inner stream that nobody can listen to.
 */
async function writeArchive(archive: TarArchive, options: OvaOptions, total: number): Promise<void> {
  const { out, progress, signal } = options;
  archive.on("error", () => {});
  await writeOutput(out, 0, async (output) => {
    const finished = archive.finalize();
    finished.catch(() => {});
    for await (const chunk of archive.iterator({ destroyOnReturn: false })) {
      signal.throwIfAborted();
      await output.append(chunk);
      progress.bar(Math.min(output.offset, total), total, "bytes");
    }
    await finished;
  });
}

async function diskFacts(vmdk: string): Promise<{ capacity: number; populated: number }> {
  const file = await open(vmdk);
  try {
    const { tables, problems } = await readTables(await fileSource(file));
    if (tables !== undefined && problems.length === 0) {
      return { capacity: tables.size, populated: tables.populated };
    }
    throw new PosternError({
      code: "artifact.vmdk",
      message: `${vmdk}: ${problems.join("; ")}`,
      hint: "Write the VMDK again.",
    });
  } finally {
    await file.close();
  }
}

async function digestOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest("hex");
}

function ovaError(message: string): PosternError {
  return new PosternError({ code: "artifact.ova", message, hint: "Change the name or the disk's size." });
}
