import type { Catalogue, CatalogueEntry } from "../endpoints/catalogue.ts";
import { obstaclesOf } from "../endpoints/verdict.ts";
import type { Defender } from "../settings/settings.ts";
import type { StepReport } from "./steps.ts";

/** How the broad names of the settings meet the catalogue. */
export interface BroadNames {
  /** Names that the catalogue does not have as broad ones. */
  unknown: string[];
  /** Every broad name that the catalogue has. */
  known: string[];
  /** What each of the others opens, or why it stays closed. */
  warnings: StepReport[];
}

/** Looks each broad name of the settings up. Opening one is never done in silence. */
export function broadNames(choice: Defender, catalogue: Catalogue): BroadNames {
  const broad = catalogue.entries.filter(({ breadth }) => breadth === "broad");
  const entriesOf = (name: string) => broad.filter(({ host }) => host === name);
  return {
    known: [...new Set(broad.map(({ host }) => host))],
    unknown: choice.broad.filter((name) => entriesOf(name).length === 0),
    warnings: choice.broad.flatMap((name) => {
      const entries = entriesOf(name);
      return entries.length === 0 ? [] : [warning(name, entries, choice, catalogue)];
    }),
  };
}

function warning(
  name: string,
  entries: readonly CatalogueEntry[],
  choice: Defender,
  catalogue: Catalogue,
): StepReport {
  const ways = entries.map((entry) => ({ entry, obstacles: obstaclesOf(entry, choice, catalogue) }));
  const [best] = ways.toSorted((one, other) => one.obstacles.length - other.obstacles.length);
  const { entry, obstacles } = best ?? { entry: undefined, obstacles: [] };
  if (obstacles.length > 0) {
    const why = obstacles.map((obstacle) => obstacle.why).join("; ");
    return {
      title: `Broad name ${name}`,
      state: "warn",
      detail: `It stays closed: ${why}.`,
      next: "Take it out of defender.broad.",
    };
  }
  return {
    title: `Broad name ${name}`,
    state: "warn",
    detail: `It opens ${entry?.opens}.`,
    next: entry?.instead ?? insteadOf(entry) ?? "Take it out of defender.broad when it is no longer needed.",
  };
}

function insteadOf(entry: CatalogueEntry | undefined): string | undefined {
  return entry?.narrower === undefined ? undefined : `Documented instead: ${entry.narrower.join(", ")}.`;
}
