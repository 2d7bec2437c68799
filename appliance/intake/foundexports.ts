import type { Paths } from "../paths.ts";
import { isMap } from "../settings/without.ts";
import { privateFolder, readIfThere, removeFile, writeAtomic } from "../system/files.ts";
import type { FoundExport } from "./source.ts";

// The console looks here before its first question: nothing heavy may be loaded for it.

/** Keeps what the console has to ask about; it goes with the next start. */
export async function writeFoundExports(
  { paths }: { paths: Paths },
  exports: readonly FoundExport[],
): Promise<void> {
  await privateFolder(paths.run);
  if (exports.length === 0) return removeFile(paths.foundExports);
  const text = `${JSON.stringify(exports)}\n`;
  // Who reads it has no news in the same again.
  if ((await readIfThere(paths.foundExports)) === text) return;
  await writeAtomic(paths.foundExports, text, { mode: 0o600, uid: 0, gid: 0 });
}

/** The exports that this boot found and could not open by itself. */
export async function readFoundExports(paths: Paths): Promise<readonly FoundExport[]> {
  try {
    const value: unknown = JSON.parse((await readIfThere(paths.foundExports)) ?? "[]");
    return Array.isArray(value) && value.every(isFound) ? value : [];
  } catch {
    return [];
  }
}

/** Only root writes there; this tells an older or a cut file. */
function isFound(value: unknown): value is FoundExport {
  if (!isMap(value)) return false;
  const { device, name, about, problem } = value;
  const isText = [device, name, about].every((text) => typeof text === "string");
  return isText && (problem === undefined || typeof problem === "string");
}
