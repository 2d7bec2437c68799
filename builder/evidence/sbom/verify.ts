import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileSource } from "../../../appliance/disk/bytes.ts";
import { messageOf, PosternError } from "../../error.ts";
import { type Check, check, leftOut } from "../../formats/check.ts";
import { formatOfName } from "../../formats/names.ts";
import { withArtifact } from "../../formats/read.ts";
import { findProbe, installCommand } from "../../host/packages.ts";
import type { EvidenceReader } from "../checks/reader.ts";
import { parseRecord } from "../record.ts";
import { BUILD, readableDisk } from "../same.ts";
import { differentPackages } from "./differences.ts";
import { type ImageContent, readDiskContent, readIsoContent } from "./image.ts";
import {
  otherFormat,
  type ReadPackage,
  type ReadSbom,
  readSbom,
  type SbomFormat,
  sbomFormatOf,
} from "./read.ts";

export interface SbomCall {
  folder: string;
  name: string;
  /** Of all files in the folder. */
  names: readonly string[];
  /** It is checked with all others in its folder: then one of two formats is held against the images. */
  whole: boolean;
  signal: AbortSignal;
}

const IMAGE = "an image of its build";

export const sbomReader: EvidenceReader = {
  reads: (name) => sbomFormatOf(name) !== undefined,
  checks: ({ beside, ...file }) => sbomChecks({ ...file, names: beside.names }),
};

/**
 * Holds an SBOM against what lies beside it: the record of its build, the disk of an image and the installation medium.
 *
 * @returns nothing for a file that is no SBOM by its name.
 */
export async function sbomChecks(call: SbomCall): Promise<Check[]> {
  const { folder, name, names } = call;
  const format = sbomFormatOf(name);
  if (format === undefined) return [];
  const form = `${format}: an SBOM of ours`;
  const sbom = await sbomIn(folder, name, format);
  if (typeof sbom === "string") return [check(form, [sbom])];
  const other = otherFormat(name);
  if (call.whole && format === "CycloneDX" && names.includes(other)) {
    return [check(form, []), await twinCheck(folder, sbom, other)];
  }
  const build = BUILD.exec(name)?.[1];
  const beside = names.filter((one) => build !== undefined && BUILD.exec(one)?.[1] === build);
  const disk = readableDisk(beside);
  const iso = beside.find((one) => formatOfName(one) === "iso");
  return [
    check(form, []),
    ...(await recordCheck(call, sbom, build)),
    ...(disk === undefined ? [] : [await diskCheck(call, sbom, disk)]),
    ...(iso === undefined ? [] : [await isoCheck(call, sbom, iso)]),
    ...(disk === undefined && iso === undefined
      ? [leftOut(IMAGE, "none that can be read lies beside it")]
      : []),
  ];
}

/** An SBOM, or why it is none. */
async function sbomIn(folder: string, name: string, format: SbomFormat): Promise<ReadSbom | string> {
  try {
    return readSbom(await readFile(join(folder, name), "utf8"), format, name);
  } catch (error) {
    if (error instanceof PosternError) return error.message;
    throw error;
  }
}

async function twinCheck(folder: string, sbom: ReadSbom, name: string): Promise<Check> {
  const title = `packages and files as in ${name}, which is held against the images`;
  const other = await sbomIn(folder, name, "SPDX");
  if (typeof other === "string") return check(title, [other]);
  const digests = new Map(other.files.map(({ path, sha256 }) => [path, sha256]));
  return check(title, [
    ...recordProblems(sbom, other.version, other.packages, name),
    ...fileProblems(sbom, digests, name),
  ]);
}

/** A record that cannot be read is told of by itself. */
async function recordCheck({ folder, names }: SbomCall, sbom: ReadSbom, build = ""): Promise<Check[]> {
  const name = `${build}.build.json`;
  if (!names.includes(name))
    return [leftOut("the record of its packages", "no .build.json of its build lies beside it")];
  try {
    const record = parseRecord(await readFile(join(folder, name), "utf8"), name);
    const title = `the version, packages and hashes in ${name}`;
    return [check(title, recordProblems(sbom, record.version, record.packages, "the record"))];
  } catch (error) {
    if (error instanceof PosternError) return [];
    throw error;
  }
}

function* recordProblems(
  sbom: ReadSbom,
  version: string,
  packages: readonly ReadPackage[],
  named: string,
): Generator<string> {
  if (sbom.version !== version) yield `postern is ${sbom.version}, and ${version} in ${named}`;
  yield* differentPackages(packages, sbom.packages, named);
  const hashes = new Map(packages.map((one) => [one.name, one.sha256]));
  for (const { name, sha256 } of sbom.packages) {
    if (hashes.has(name) && hashes.get(name) !== sha256) yield `${name} has another SHA-256 in ${named}`;
  }
}

function diskCheck({ folder, signal }: SbomCall, sbom: ReadSbom, name: string): Promise<Check> {
  const path = join(folder, name);
  const format = formatOfName(name);
  return contentCheck(`packages and files in the disk of ${name}`, sbom, signal, async (files) => {
    if (format === undefined) throw new RangeError("it is no image");
    return withArtifact(path, format, { signal }, async ({ disk }) => {
      if (disk === undefined) throw new RangeError("no disk inside");
      return readDiskContent(disk, files, signal);
    });
  });
}

async function isoCheck({ folder, signal }: SbomCall, sbom: ReadSbom, name: string): Promise<Check> {
  const title = `packages and files in ${name}, by unsquashfs`;
  if ((await findProbe("unsquashfs")) === undefined) {
    return leftOut(title, `unsquashfs is not installed (${installCommand(["squashfs-tools"])})`);
  }
  const path = join(folder, name);
  return contentCheck(title, sbom, signal, async (files) => {
    const file = await open(path);
    try {
      return await readIsoContent(path, await fileSource(file), files, signal);
    } finally {
      await file.close();
    }
  });
}

async function contentCheck(
  title: string,
  sbom: ReadSbom,
  signal: AbortSignal,
  read: (files: readonly string[]) => Promise<ImageContent>,
): Promise<Check> {
  try {
    return check(title, contentProblems(sbom, await read(sbom.files.map(({ path }) => path))));
  } catch (error) {
    signal.throwIfAborted();
    // An image may hold anything; what cannot be read is a fault of it.
    if (error instanceof PosternError || error instanceof RangeError || error instanceof SyntaxError) {
      return check(title, [messageOf(error)]);
    }
    throw error;
  }
}

function* contentProblems(sbom: ReadSbom, { packages, digests }: ImageContent): Generator<string> {
  yield* differentPackages(sbom.packages, packages, "the SBOM");
  yield* fileProblems(sbom, digests, "the image");
}

function* fileProblems(
  { files }: ReadSbom,
  digests: ReadonlyMap<string, string>,
  named: string,
): Generator<string> {
  for (const { path, sha256 } of files) {
    const found = digests.get(path);
    if (found === undefined) yield `/${path} is not in ${named}`;
    else if (found !== sha256) yield `/${path} has another SHA-256 in ${named}`;
  }
}
