import type { Defender } from "../settings/settings.ts";
import type { Catalogue, CatalogueEntry } from "./catalogue.ts";
import { covers } from "./prune.ts";
import { type Selection, selectEndpoints } from "./select.ts";

/** How two catalogues differ. */
export interface CatalogueDifference {
  /** `a.example (title of its service)`. */
  added: string[];
  removed: string[];
  /** The same with the fields that differ: `a.example (title): ports, tests`. */
  changed: string[];
}

/** The entries that were added, removed and changed; a name stands once for each service. */
export function catalogueDifference(before: Catalogue, after: Catalogue): CatalogueDifference {
  const olds = keyed(before);
  const news = keyed(after);
  const of = (key: string, { services }: Catalogue): string => {
    const [host, id] = key.split(" ");
    return `${host} (${services.find((service) => service.id === id)?.title ?? id})`;
  };
  const changed = [...news].flatMap(([key, entry]) => {
    const old = olds.get(key);
    const fields = old === undefined ? [] : differingFields(old, entry);
    return fields.length === 0 ? [] : [`${of(key, after)}: ${fields.join(", ")}`];
  });
  return {
    added: [...news.keys()].filter((key) => !olds.has(key)).map((key) => of(key, after)),
    removed: [...olds.keys()].filter((key) => !news.has(key)).map((key) => of(key, before)),
    changed,
  };
}

/** What a change of the catalogue opens and closes for a choice. */
export interface OpenedDifference {
  /** `a.example on port 443`. */
  opened: string[];
  closed: string[];
}

export function openedDifference(choice: Defender, before: Catalogue, after: Catalogue): OpenedDifference {
  const [old, now] = [selectEndpoints(choice, before), selectEndpoints(choice, after)];
  return { opened: notIn(now, old), closed: notIn(old, now) };
}

/** What one selection lets through and the other does not. */
function notIn(one: Selection, other: Selection): string[] {
  const missing = (names: readonly string[], others: readonly string[], port: number) =>
    names.filter((name) => !covers(others, name)).map((name) => `${name} on port ${port}`);
  return [
    ...missing(one.tls, other.tls, 443),
    ...one.patterns
      .filter((name) => !other.patterns.includes(name) && !covers(other.tls, name.replaceAll("*", "x")))
      .map((name) => `${name} on port 443`),
    ...missing(one.web, other.web, 80),
  ];
}

function keyed({ entries }: Catalogue): Map<string, CatalogueEntry> {
  return new Map(entries.map((entry) => [`${entry.host} ${entry.service}`, entry]));
}

function differingFields(old: CatalogueEntry, now: CatalogueEntry): string[] {
  const olds = new Map<string, unknown>(Object.entries(old));
  const news = new Map<string, unknown>(Object.entries(now));
  const names = [...new Set([...olds.keys(), ...news.keys()])];
  return names.filter((name) => JSON.stringify(olds.get(name)) !== JSON.stringify(news.get(name)));
}
