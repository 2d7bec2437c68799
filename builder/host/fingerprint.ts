import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** SHA-256 of texts, each with its length, so that no two lists run together. */
export function fingerprintText(...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}\0${text}`);
  return hash.digest("hex");
}

/**
 * SHA-256 over files and folders of the project (names and contents, sorted by code unit), for the keys of
 * the stages that they decide.
 *
 * @param paths relative to the project's root.
 */
export async function fingerprintPaths(...paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of await filesOf(join(PROJECT, path))) {
      const bytes = await readFile(file);
      hash.update(`${relative(PROJECT, file)}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest("hex");
}

async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => (a < b ? -1 : 1));
}
