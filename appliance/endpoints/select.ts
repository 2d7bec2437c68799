import type { Defender } from "../settings/settings.ts";
import { builtInCatalogue, type Catalogue, type CatalogueEntry } from "./catalogue.ts";
import { madeFrom } from "./madefrom.ts";
import { isPattern } from "./pattern.ts";
import { covers, prune } from "./prune.ts";

/** A name that the choice would need and that is not opened. */
export interface LeftOut {
  host: string;
  why: string;
}

/** Names that CONNECT may reach on a port of their own. */
export interface Tunnels {
  port: number;
  names: string[];
}

/** What Squid lets through. Names are in dstdomain form: `.a.example` is it and every name below. */
export interface Selection {
  /** Version of the catalogue it was made from. */
  catalogue: string;
  /** The catalogue and the choice in words, a line each: what a list file says of itself. */
  madeFrom: string[];
  /** For CONNECT to port 443. */
  tls: string[];
  /** For CONNECT to port 443: names with a `*` for a part of one label, which only a regular expression can say. */
  patterns: string[];
  /** For GET and HEAD on port 80. */
  web: string[];
  /** For CONNECT to other ports, by port; only what the settings name themselves. */
  tunnels: Tunnels[];
  leftOut: LeftOut[];
}

/**
 * Chooses the names for a cloud, its regions, a connectivity and services, in their narrowest documented form
 * or, where the settings ask for it, in the documented wildcards. A name that other tenants control is opened
 * only where a chosen service uses it and the settings name it too, in both forms. Extra destinations are added
 * as they are named.
 *
 * Defender for Identity without a workspace opens nothing of its own. Sensor v3 uses the names of Defender for
 * Endpoint; the one documented form for sensor v2 without a workspace is a wildcard over every customer's.
 */
export function selectEndpoints(choice: Defender, catalogue: Catalogue = builtInCatalogue()): Selection {
  const chosen = new Set(
    catalogue.services
      .filter(({ choices }) => choices.some((name) => name === "always" || choice.services.includes(name)))
      .map(({ id }) => id),
  );
  const entries = catalogue.entries.filter(
    (entry) =>
      chosen.has(entry.service) &&
      entry.clouds.includes(choice.cloud) &&
      entry.connectivity.includes(choice.connectivity) &&
      isInRegion(entry, choice),
  );
  const leftOut: LeftOut[] = [];
  const open = entries.filter((entry) => {
    const why = reasonToLeaveOut(entry, entries, choice);
    if (why === undefined) return true;
    if (why !== "") leftOut.push({ host: entry.host, why });
    return false;
  });
  const names = (port: 80 | 443) =>
    prune([
      ...open
        .filter(({ host, ports }) => ports.includes(port) && !isPattern(host))
        .flatMap(({ host }) => withWorkspaces(host, choice)),
      ...extraOn(choice, port),
    ]);
  const ports = new Set(choice.extra.flatMap((destination) => destination.ports));
  const tunnels = [...ports]
    .filter((port) => port !== 80 && port !== 443)
    .sort((one, other) => one - other)
    .map((port) => ({ port, names: prune(extraOn(choice, port)) }));
  const [tls, web] = [names(443), names(80)];
  const wide = tls.filter((name) => name.startsWith("."));
  const patterns = open
    .map(({ host }) => host)
    .filter((host) => isPattern(host) && !covers(wide, host.replaceAll("*", "x")));
  const isOpen = ({ host }: LeftOut) => tls.includes(host) || web.includes(host);
  return {
    catalogue: catalogue.version,
    madeFrom: madeFrom(choice, catalogue),
    tls,
    patterns: [...new Set(patterns)].sort(),
    web,
    tunnels,
    leftOut: leftOut.filter((one) => !isOpen(one)),
  };
}

function extraOn({ extra }: Defender, port: number): string[] {
  return extra.filter(({ ports }) => ports.includes(port)).map(({ host }) => host);
}

/** The regions are those of commercial tenants; the other clouds have one each. */
function isInRegion({ regions }: CatalogueEntry, choice: Defender): boolean {
  if (choice.regions.length === 0 || choice.cloud !== "commercial") return true;
  return regions.some((region) => region === "all" || choice.regions.includes(region));
}

/** Undefined: open it. An empty text: other names do instead, nothing is missing. */
function reasonToLeaveOut(
  { host, breadth, opens, narrower, noProxy, service }: CatalogueEntry,
  entries: readonly CatalogueEntry[],
  choice: Defender,
): string | undefined {
  if (host.includes("{workspace}") && choice.workspaces.length === 0) return "no workspace is named";
  const others = entries.filter((other) => other.service === service && other.breadth !== "broad");
  if (breadth === "broad" && choice.broad.includes(host)) return undefined;
  if (breadth === "broad") {
    const isTemplated = others.some((other) => other.host.includes("{workspace}"));
    return isTemplated ? "" : `it would open ${opens}`;
  }
  if (noProxy === true) return "Microsoft says it cannot go through a proxy";
  if (choice.form === "exact" && narrower?.some((name) => others.some((other) => other.host === name)))
    return "";
  return undefined;
}

function withWorkspaces(host: string, { workspaces }: Defender): string[] {
  if (!host.includes("{workspace}")) return [host];
  return workspaces.map((name) => host.replace("{workspace}", name));
}
