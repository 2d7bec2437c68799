import { compareVersions } from "../../host/debversion.ts";
import type { PendingUpdate } from "../../pipeline/pending.ts";

/** What apt knows of one installed package. */
export interface PackagePolicy {
  name: string;
  installed: string;
  /** What apt would take, pins and all. */
  candidate: string;
  /** Every version of the table, with the suites that have it, as the sources name them. */
  versions: readonly { version: string; suites: readonly string[] }[];
}

/** Names of the packages that a dpkg status file calls installed, sorted. */
export function installedNames(status: string): string[] {
  const names = status.split("\n\n").flatMap((stanza) => {
    const [, name] = /^Package: (\S+)$/m.exec(stanza) ?? [];
    const isInstalled = /^Status: \S+ \S+ installed$/m.test(stanza);
    return name !== undefined && isInstalled ? [name] : [];
  });
  return [...new Set(names)].sort();
}

/** No version is wanted: what is installed stays. */
const NONE = "(none)";
const HEAD = /^(\S+):$/;
const FIELD = /^ {2}(Installed|Candidate): (\S+)$/;
const SUITE = /^ {6,}-?\d+ \S+ (\S+)\/\S+ \S+ Packages$/;
const VERSION = /^(?: \*\*\* | {5})(\S+) -?\d+/;

/**
 * The answer of `apt-cache policy NAME...` (apt-cache(8)) in the C locale: packages that are installed, in its order.
 * A line of the version table has the version and its priority, the lines below it a priority and an index.
 */
export function parsePolicy(output: string): PackagePolicy[] {
  const found: { name: string; fields: Record<string, string>; versions: MutableVersion[] }[] = [];
  for (const line of output.split("\n")) {
    const [, name] = HEAD.exec(line) ?? [];
    if (name !== undefined) found.push({ name, fields: {}, versions: [] });
    const last = found.at(-1);
    if (last === undefined) continue;
    const [, field, value] = FIELD.exec(line) ?? [];
    if (field !== undefined && value !== undefined) last.fields[field] = value;
    const [, suite] = SUITE.exec(line) ?? [];
    const [, version] = VERSION.exec(line) ?? [];
    if (suite !== undefined) last.versions.at(-1)?.suites.push(suite);
    else if (version !== undefined && !line.startsWith("      ")) last.versions.push({ version, suites: [] });
  }
  return found.flatMap(({ name, fields: { Installed, Candidate }, versions }) =>
    Installed === undefined || Candidate === undefined || Installed === NONE
      ? []
      : [{ name, installed: Installed, candidate: Candidate === NONE ? Installed : Candidate, versions }],
  );
}

interface MutableVersion {
  version: string;
  suites: string[];
}

/**
 * The packages of which apt would take a newer version. A fix may stand in the security pocket while a still newer
 * version in another one is taken: that is a security update, too.
 */
export function pendingOf(policies: readonly PackagePolicy[], securityPocket: string): PendingUpdate[] {
  return policies
    .filter(({ installed, candidate }) => compareVersions(candidate, installed) > 0)
    .map(({ name, installed, candidate, versions }) => ({
      name,
      installed,
      available: candidate,
      security: versions.some(
        ({ version, suites }) => suites.includes(securityPocket) && compareVersions(version, installed) > 0,
      ),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
