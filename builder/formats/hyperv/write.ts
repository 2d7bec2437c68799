import { stat } from "node:fs/promises";
import { ZipArchive } from "archiver";
import { sha256File } from "../../host/sha256.ts";
import { largeFile, writeArchive } from "../archive.ts";
import type { FormatOptions } from "../format.ts";
import { type HypervModel, importScript, README_NAME, readmeText, SCRIPT_NAME } from "./texts.ts";

export interface HypervOptions extends Pick<FormatOptions, "out" | "name" | "epoch" | "progress" | "signal"> {
  /** A VHDX from `writeVhdx`. */
  vhdx: string;
  version: string;
}

/**
 * Deflated, because a system disk packs to less than half and the zip is what is carried around; stored it would be
 * there some 20 s sooner.
 */
const LEVEL = 6;

/**
 * Writes a zip with the VHDX, a script that makes the virtual machine of it, and a page to read. A zip keeps nothing
 * of a file's holes, so the VHDX is not sparse where it is unpacked. Fixed times (UTC) and modes: the same VHDX and
 * epoch give the same bytes.
 */
export async function writeHyperv(options: HypervOptions): Promise<void> {
  const { vhdx, name, epoch, version, progress, signal } = options;
  const stats = await stat(vhdx);
  const onBytes = (done: number): void => progress.bar(done, 2 * stats.size, "bytes");
  const model: HypervModel = {
    version,
    vhdx: `${name}.vhdx`,
    sha256: await sha256File(vhdx, signal, onBytes),
  };
  const entry = { date: new Date(epoch * 1000), mode: 0o644 };
  const archive = new ZipArchive({ zlib: { level: LEVEL } });
  archive.append(Buffer.from(await readmeText(model), "latin1"), { ...entry, name: README_NAME });
  archive.append(Buffer.from(await importScript(model), "latin1"), { ...entry, name: SCRIPT_NAME });
  const source = largeFile(vhdx);
  archive.append(source, { ...entry, name: model.vhdx, stats });
  await writeArchive(archive, options, source, stats.size);
}
