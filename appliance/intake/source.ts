import type { Origin } from "../apply/origin.ts";
import type { InstalledCatalogue } from "../endpoints/installed.ts";
import type { Problem } from "../settings/problem.ts";
import { salvageSettings } from "../settings/salvage.ts";
import type { Settings } from "../settings/settings.ts";

/** Settings that a source has, right or wrong. */
export interface Found {
  origin: Origin;
  /** The settings as their author wrote them. */
  text: string;
  /** The good values of them, and what was wrong with the rest. */
  settings: Settings;
  problems: readonly Problem[];
  /** The catalogue that came with them, in an export. */
  brought?: Brought;
}

/** What an export says of its machine's catalogue. */
export interface Brought {
  installed?: InstalledCatalogue;
  /** Its date. */
  catalogue: string;
}

/** An export on a disk that somebody has to be asked about. */
export interface FoundExport {
  device: string;
  /** Of the file. */
  name: string;
  /** What it is, in printable ASCII. */
  about: string;
  /** Why it cannot be used at all; undefined: its passphrase is missing. */
  problem?: string;
}

/** What looking into a source came to. */
export interface Looked {
  /** In the order in which they count. */
  found: readonly Found[];
  /** What could not be read or was left out, in words. */
  notes: readonly string[];
  /** Exports that could not be opened without a person. */
  exports?: readonly FoundExport[];
}

export const NOTHING: Looked = { found: [], notes: [] };

/** A whole settings file from a source. */
export function foundText(origin: Origin, text: string, file: string): Found {
  return { origin, text, ...salvageSettings(text, file) };
}
