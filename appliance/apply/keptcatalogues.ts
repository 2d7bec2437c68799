import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { builtInCatalogue } from "../endpoints/catalogue.ts";
import { type CatalogueInUse, catalogueInUse, inUse, parseInstalled } from "../endpoints/installed.ts";
import { type Ownership, privateFolder, readIfThere, removeFile, writeAtomic } from "../system/files.ts";
import type { System } from "../system/system.ts";

/*
 * The history names the catalogue that was in force with each settings. A catalogue is large and changes seldom,
 * so each one lies beside the history once, under the hash of its text.
 */

const OURS: Ownership = { mode: 0o600, uid: 0, gid: 0 };
const NAME = /^[0-9a-f]{32}$/;

/** Keeps the installed catalogue for the history. @returns its name; undefined where the image's own is used. */
export async function keepCatalogue({ paths }: System): Promise<string | undefined> {
  const text = await readIfThere(paths.catalogue);
  if (text === undefined) return undefined;
  const name = createHash("sha256").update(text).digest("hex").slice(0, 32);
  const place = join(paths.catalogues, `${name}.json`);
  if ((await readIfThere(place)) === text) return name;
  await privateFolder(paths.catalogues);
  await writeAtomic(place, text, OURS);
  return name;
}

/** Removes every kept catalogue that the history no longer names. */
export async function sweepCatalogues({ paths }: System, named: readonly string[]): Promise<void> {
  const files = await readdir(paths.catalogues).catch(() => []);
  for (const file of files)
    if (!named.includes(file.replace(/\.json$/, ""))) await removeFile(join(paths.catalogues, file));
}

/**
 * The catalogue that was in force with an entry of the history. Where it is gone or damaged, the one in use now,
 * with a word about it: the way back has to work.
 */
export async function catalogueOf(system: System, name: string | undefined): Promise<CatalogueInUse> {
  if (name === undefined) return { catalogue: builtInCatalogue() };
  try {
    if (!NAME.test(name)) throw new Error("it is no name of a catalogue");
    const text = await readIfThere(join(system.paths.catalogues, `${name}.json`));
    if (text === undefined) throw new Error("it is gone");
    return inUse(parseInstalled(text));
  } catch {
    const now = await catalogueInUse(system.paths);
    return { ...now, problem: "The catalogue of that time cannot be read; the one of today stays." };
  }
}
