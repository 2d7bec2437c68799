import type { Origin } from "../apply/origin.ts";
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
}

/** What looking into a source came to. */
export interface Looked {
  /** In the order in which they count. */
  found: readonly Found[];
  /** What could not be read or was left out, in words. */
  notes: readonly string[];
}

export const NOTHING: Looked = { found: [], notes: [] };

/** A whole settings file from a source. */
export function foundText(origin: Origin, text: string, file: string): Found {
  return { origin, text, ...salvageSettings(text, file) };
}
