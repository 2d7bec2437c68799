import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import { messageOf } from "../../error.ts";
import { hasCode } from "../../host/faults.ts";
import { check } from "../check.ts";
import { type ContainerReading, containerReading } from "../format.ts";
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
  const name = "zip: page, script and disk, whole and without gaps";
  try {
    return await readEntries(name, await readZipDirectory(file));
  } catch (error) {
    // What cannot be read or inflated; a fault of the reader itself must not look like one of the file.
    if (!(error instanceof RangeError) && !hasCode(error, "Z_DATA_ERROR", "Z_BUF_ERROR")) throw error;
    return containerReading([check(name, [messageOf(error)])]);
  }
}

async function readEntries(name: string, entries: readonly ZipEntry[]): Promise<ContainerReading> {
  const [readme, script, disk] = entries;
  const isWhole = readme?.name === README_NAME && script?.name === SCRIPT_NAME && entries.length === 3;
  if (!isWhole || disk === undefined || !/^[\w.+-]+\.vhdx$/.test(disk.name)) {
    return containerReading([check(name, [`it holds ${entries.map((entry) => entry.name).join(", ")}`])]);
  }
  const large = [readme, script].filter(({ size }) => size > LARGEST_TEXT);
  if (large.length > 0) {
    return containerReading([
      check(
        name,
        large.map((text) => `${text.name}: more than 1 MiB`),
      ),
    ]);
  }
  const problems = [...(await summed(readme)).problems, ...(await summed(script)).problems];
  const { sha256, problems: faults } = await summed(disk);
  const texts = [...scriptProblems(await textOf(script), disk.name, sha256)];
  if (!(await textOf(readme)).includes(sha256)) texts.push(`${readme.name} has another SHA-256`);
  const vhdx = await readVhdx(contentSource(disk));
  return containerReading(
    [
      check(name, [...problems, ...faults]),
      check("zip: script and page name the disk by its SHA-256", texts),
      ...vhdx.checks,
    ],
    vhdx.disk,
  );
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
    problems: crc === entry.crc ? [] : [`the CRC-32 of ${entry.name}`],
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
  if (said("diskName") !== disk) problems.push("the script is for another disk");
  if (said("diskHash")?.toLowerCase() !== sha256) problems.push("the script has another SHA-256");
  return problems;
}
