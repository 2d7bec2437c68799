import { isDeepStrictEqual } from "node:util";
import { compareVersions } from "../endpoints/catalogue.ts";
import { type CatalogueInUse, inUse } from "../endpoints/installed.ts";
import type { Opened } from "./open.ts";

/** What becomes of the catalogue when an export is imported. */
export interface CatalogueTaken {
  /** Undefined: the one in use stays. */
  catalogue?: CatalogueInUse;
  /** Why that one stays, a sentence, where somebody may have expected another. */
  note?: string;
}

/**
 * The newer of the two catalogues counts: an old export must not bring back names that were closed since. Its
 * signature was checked by the machine that installed it; the seal vouches for it since.
 */
export function catalogueToTake(
  { installed, catalogue }: Pick<Opened, "installed" | "catalogue">,
  now: CatalogueInUse,
): CatalogueTaken {
  const own = now.catalogue.version;
  if (installed === undefined) {
    if (compareVersions(catalogue, own) <= 0) return {};
    return {
      note: `The other machine went by the catalogue of ${catalogue}, which is not in the export; here it stays ${own}.`,
    };
  }
  if (isDeepStrictEqual(installed.catalogue, now.catalogue)) return {};
  const { version } = installed.catalogue;
  if (compareVersions(version, own) <= 0)
    return { note: `The catalogue of ${own} stays: the one in the export, of ${version}, is not newer.` };
  const taken = inUse(installed);
  return taken.installed === undefined ? { note: taken.problem ?? "" } : { catalogue: taken };
}
