import { messageOf } from "../error.ts";
import { readStrange } from "../intake/read.ts";
import type { Paths } from "../paths.ts";
import { CATALOGUE } from "../paths.ts";
import { builtInCatalogue, type Catalogue, compareVersions, parseCatalogue } from "./catalogue.ts";

/** A catalogue file that was put in the place of the image's own, as it lies on the machine. */
export interface InstalledCatalogue {
  /** Version of the image's own catalogue when this one was installed. */
  over: string;
  /** Fingerprint of the key that signed it. */
  key: string;
  catalogue: Catalogue;
}

/** The catalogue that this machine goes by. */
export interface CatalogueInUse {
  catalogue: Catalogue;
  /** Undefined: it is the image's own. */
  installed?: InstalledCatalogue;
  /** Why an installed one is not used, a sentence. */
  problem?: string;
}

/** Bytes of a catalogue, several times of what the image's own has. */
export const LARGEST_CATALOGUE = 1024 * 1024;

/** The installed catalogue, or the image's own where there is none, it is damaged, or the image's is newer. */
export async function catalogueInUse(paths: Paths): Promise<CatalogueInUse> {
  try {
    const bytes = await readStrange(paths.catalogue, 2 * LARGEST_CATALOGUE);
    return bytes === undefined
      ? { catalogue: builtInCatalogue() }
      : inUse(parseInstalled(bytes.toString("utf8")));
  } catch (error) {
    const why = messageOf(error).split("\n")[0]?.slice(0, 200);
    const problem = `The installed catalogue ${CATALOGUE} cannot be used, the image's own is: ${why}`;
    return { catalogue: builtInCatalogue(), problem };
  }
}

/**
 * An installed catalogue, unless the image has become newer: newer than both the installed one and the one that
 * it replaced, so that an older one that somebody insisted on stays until then.
 */
export function inUse(installed: InstalledCatalogue, own = builtInCatalogue()): CatalogueInUse {
  const { version } = installed.catalogue;
  if (!isNewer(own.version, version) || !isNewer(own.version, installed.over))
    return { catalogue: installed.catalogue, installed };
  const problem = `The image's own catalogue of ${own.version} is used: it is newer than the installed one of ${version}.`;
  return { catalogue: own, problem };
}

function isNewer(one: string, other: string): boolean {
  return compareVersions(one, other) > 0;
}

/** Read again and again by the status screen, and checked once. */
let last: { text: string; installed: InstalledCatalogue } | undefined;

/** @throws Error for anything but what `installedText` writes. */
export function parseInstalled(text: string): InstalledCatalogue {
  if (last?.text === text) return last.installed;
  const value: unknown = JSON.parse(text);
  if (
    typeof value !== "object" ||
    value === null ||
    !("over" in value && "key" in value && "catalogue" in value)
  )
    throw new Error("it has another form");
  const { over, key } = value;
  if (typeof over !== "string" || typeof key !== "string" || !/^SHA256:[A-Za-z0-9+/]{43}$/.test(key))
    throw new Error("it has another form");
  const installed = { over, key, catalogue: parseCatalogue(value.catalogue, CATALOGUE) };
  last = { text, installed };
  return installed;
}

/** The file of an installed catalogue. */
export function installedText({ over, key, catalogue }: InstalledCatalogue): string {
  return `${JSON.stringify({ over, key, catalogue }, undefined, 1)}\n`;
}
