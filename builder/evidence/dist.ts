import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../host/faults.ts";
import { writeWhole } from "../host/write.ts";
import { signatureName } from "./signing/signature.ts";
import { parseSums, SUMS_FILE, type Sums, sumsText } from "./sums.ts";

/**
 * Writes the sums of a build's artifacts, beside those of other builds whose files are still in the folder
 * (another base, another version).
 */
export async function writeSums(out: string, built: Sums): Promise<void> {
  const path = join(out, SUMS_FILE);
  const before = await textOf(path);
  const sums = new Map(built);
  for (const [name, hash] of await knownSums(before, path)) {
    if (!sums.has(name) && (await isFile(join(out, name)))) sums.set(name, hash);
  }
  await writeSignable(path, sumsText(sums));
}

/** Writes a text file unless it already says the same. */
export async function writeIfChanged(path: string, text: string): Promise<void> {
  if ((await textOf(path)) !== text) await writeWhole(path, text);
}

/** The same for a file that may be signed: a signature over other bytes goes first, so that none is ever false. */
export async function writeSignable(path: string, text: string): Promise<void> {
  if ((await textOf(path)) === text) return;
  await rm(signatureName(path), { force: true });
  await writeWhole(path, text);
}

/** A file of sums that cannot be read is written anew. */
async function knownSums(text: string | undefined, path: string): Promise<Sums> {
  try {
    return parseSums(text ?? "", path);
  } catch {
    return new Map();
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
