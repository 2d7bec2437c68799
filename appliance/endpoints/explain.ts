import type { Defender } from "../settings/settings.ts";
import { builtInCatalogue, type Catalogue, type CatalogueEntry } from "./catalogue.ts";
import { fitsPattern, isPattern } from "./pattern.ts";
import { covers } from "./prune.ts";
import { selectEndpoints } from "./select.ts";
import { type Obstacle, obstaclesOf } from "./verdict.ts";

/** An entry of the catalogue that a host falls under, and what keeps it closed. */
export interface EntryVerdict {
  entry: CatalogueEntry;
  /** Title of its service, and what turns that on. */
  title: string;
  choices: readonly string[];
  /** None: the settings open it. */
  obstacles: Obstacle[];
}

/** Why a host is let through or refused. */
export interface Explanation {
  host: string;
  /** Ports on which it is let through: 443 and others by tunnels, 80 by GET. None: it is refused. */
  ports: number[];
  entries: EntryVerdict[];
  /** Extra destinations of the settings that it falls under. */
  extra: { host: string; ports: readonly number[]; label?: string }[];
}

export function explain(
  host: string,
  choice: Defender,
  catalogue: Catalogue = builtInCatalogue(),
): Explanation {
  const { tls, patterns, web } = selectEndpoints(choice, catalogue);
  const extra = choice.extra.filter((one) => covers([one.host], host));
  const ports = new Set(extra.flatMap((one) => one.ports));
  if (covers(tls, host) || fitsPattern(patterns, host)) ports.add(443);
  if (covers(web, host)) ports.add(80);
  const entries = entriesFor(host, choice, catalogue).map((entry) => verdictOf(entry, choice, catalogue));
  return {
    host,
    ports: [...ports].sort((one, other) => one - other),
    // What is open explains more than what could be.
    entries: entries.toSorted((one, other) => one.obstacles.length - other.obstacles.length),
    extra: extra.map((one) => ({ ...one })),
  };
}

export function verdictOf(entry: CatalogueEntry, choice: Defender, catalogue: Catalogue): EntryVerdict {
  const service = catalogue.services.find(({ id }) => id === entry.service);
  return {
    entry,
    title: service?.title ?? entry.service,
    choices: service?.choices ?? [],
    obstacles: obstaclesOf(entry, choice, catalogue),
  };
}

/** The entries that a host name falls under: its own, and those of a suffix or a pattern around it. */
export function entriesFor(host: string, choice: Defender, catalogue: Catalogue): CatalogueEntry[] {
  return catalogue.entries.filter((entry) => isUnder(host, entry.host, choice));
}

function isUnder(host: string, pattern: string, { workspaces }: Defender): boolean {
  if (pattern.startsWith("{workspace}")) {
    const tail = pattern.slice("{workspace}".length);
    // With workspaces named, another customer's sensor address is nobody's business here.
    if (workspaces.length > 0) return workspaces.some((name) => `${name}${tail}` === host);
    return fitsPattern([`*${tail}`], host);
  }
  return isPattern(pattern) ? fitsPattern([pattern], host) : covers([pattern], host);
}
