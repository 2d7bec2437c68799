import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ByteSource } from "../../disk/bytes.ts";
import { messageOf } from "../../error.ts";
import type { ContainerReading } from "../format.ts";
import { readVhdx } from "../vhdx/read.ts";
import { contentOf, contentSource } from "../zip/content.ts";
import { readZipDirectory, type ZipEntry } from "../zip/directory.ts";
import { README_NAME, SCRIPT_NAME } from "./texts.ts";

const LARGEST_TEXT = 1024 * 1024;

/**
 * Reads and checks the zip for Hyper-V: exactly its three entries, their CRC-32, a script that names
 * the disk and its SHA-256, and the VHDX inside.
 */
export async function readHyperv(file: ByteSource): Promise<ContainerReading> {
  try {
    return await readEntries(await readZipDirectory(file));
  } catch (error) {
    return { problems: [`zip: ${messageOf(error)}`] };
  }
}

async function readEntries(entries: readonly ZipEntry[]): Promise<ContainerReading> {
  const [readme, script, disk] = entries;
  const isWhole = readme?.name === README_NAME && script?.name === SCRIPT_NAME && entries.length === 3;
  if (!isWhole || disk === undefined || !/^[\w.+-]+\.vhdx$/.test(disk.name)) {
    return { problems: [`zip: ${entries.map(({ name }) => name).join(", ")}: not page, script and disk`] };
  }
  const problems: string[] = [];
  for (const text of [readme, script]) {
    if (text.size > LARGEST_TEXT) return { problems: [`${text.name}: ${text.size} bytes`] };
    problems.push(...(await summed(text)).problems);
  }
  const { sha256, problems: faults } = await summed(disk);
  problems.push(...faults, ...scriptProblems(await textOf(script), disk.name, sha256));
  if (!(await textOf(readme)).includes(sha256))
    problems.push(`${readme.name}: the disk's SHA-256 is not in it`);
  const vhdx = await readVhdx(contentSource(disk));
  problems.push(...vhdx.problems.map((text) => `VHDX: ${text}`));
  return { ...(vhdx.disk === undefined ? {} : { disk: vhdx.disk }), problems };
}

async function summed(entry: ZipEntry): Promise<{ sha256: string; problems: string[] }> {
  const hash = createHash("sha256");
  let crc = 0;
  for await (const piece of contentOf(entry)) {
    hash.update(piece);
    crc = crc32(piece, crc);
  }
  return {
    sha256: hash.digest("hex"),
    problems: crc === entry.crc ? [] : [`zip: the CRC-32 of ${entry.name}`],
  };
}

async function textOf(entry: ZipEntry): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of contentOf(entry)) pieces.push(piece);
  return Buffer.concat(pieces).toString("latin1");
}

function scriptProblems(script: string, disk: string, sha256: string): string[] {
  const said = (name: string): string | undefined =>
    new RegExp(`^\\$${name} = '([^']*)'\\r$`, "m").exec(script)?.[1];
  const problems: string[] = [];
  if (said("diskName") !== disk) problems.push("script: it is for another disk");
  if (said("diskHash")?.toLowerCase() !== sha256) problems.push("script: the disk's SHA-256 is another");
  return problems;
}
