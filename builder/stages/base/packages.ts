/** A package as it is, or would be, installed. */
export interface InstalledPackage {
  name: string;
  version: string;
  /** Of the .deb, as the archive's index says; absent for what is not from the archive, or only simulated. */
  sha256?: string;
}

const INST = /^Inst (?<name>\S+) (?:\[[^\]]*\] )?\((?<version>\S+) /;

/** The packages that `apt-get --simulate` says it would install, sorted by name. */
export function parseSimulation(output: string): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  for (const line of output.split("\n")) {
    const { name, version } = INST.exec(line)?.groups ?? {};
    if (name !== undefined && version !== undefined) found.set(name, { name, version });
  }
  return sorted(found);
}

/** The packages of a `packages.tsv` (name, version, architecture, source, source version, SHA-256). */
export function parsePackageList(text: string): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  for (const line of text.split("\n")) {
    const [name, version, , , , sha256 = ""] = line.split("\t");
    if (name === undefined || version === undefined) continue;
    found.set(name, { name, version, ...(sha256 === "" ? {} : { sha256 }) });
  }
  return sorted(found);
}

function sorted(found: ReadonlyMap<string, InstalledPackage>): InstalledPackage[] {
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Packages whose version is not the one that was resolved, one line each. A simulation may choose another
 * alternative of a dependency than the real run (it unpacks nothing), so only names in both are compared.
 */
export function versionChanges(
  resolved: readonly InstalledPackage[],
  installed: readonly InstalledPackage[],
): string[] {
  const expected = new Map(resolved.map(({ name, version }) => [name, version]));
  return installed
    .filter(({ name, version }) => expected.has(name) && expected.get(name) !== version)
    .map(({ name, version }) => `${name}: ${expected.get(name)} -> ${version}`);
}
