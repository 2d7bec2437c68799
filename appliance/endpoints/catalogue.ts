import { check, problemsError } from "../settings/problem.ts";
import data from "./catalogue.json" with { type: "json" };
import type { Catalogue } from "./entry.ts";
import { catalogueSchema } from "./form.ts";
import { ruleProblems } from "./rules.ts";

export type { Catalogue, CatalogueEntry, CatalogueService, EndpointTest } from "./entry.ts";

/**
 * Checks a catalogue, the one in the image or another one.
 *
 * @throws PosternError `input.catalogue` with every problem.
 */
export function parseCatalogue(value: unknown, file: string): Catalogue {
  const { value: catalogue, problems } = check(catalogueSchema, value);
  const all = catalogue === undefined ? problems : ruleProblems(catalogue);
  if (catalogue !== undefined && all.length === 0) return catalogue;
  throw problemsError("input.catalogue", file, all, "docs/catalogue.md says what a catalogue has to be.");
}

let builtIn: Catalogue | undefined;

/** The catalogue in the image. Checked once: that takes a while on a slow machine. */
export function builtInCatalogue(): Catalogue {
  builtIn ??= parseCatalogue(data, "catalogue.json");
  return builtIn;
}

/** Below 0: the first is the older one. `2026-11-23` comes before `2026-11-23.2`. */
export function compareVersions(one: string, other: string): number {
  const [[day = "", number = 0], [otherDay = "", otherNumber = 0]] = [one.split("."), other.split(".")];
  return day === otherDay ? Number(number) - Number(otherNumber) : day < otherDay ? -1 : 1;
}
