/** A package as it is, or would be, installed. */
export interface InstalledPackage {
  name: string;
  version: string;
}

const INST = /^Inst (?<name>\S+) (?:\[[^\]]*\] )?\((?<version>\S+) /;

/** The packages that `apt-get --simulate` says it would install, sorted by name. */
export function parseSimulation(output: string): InstalledPackage[] {
  const found = new Map<string, string>();
  for (const line of output.split("\n")) {
    const { name, version } = INST.exec(line)?.groups ?? {};
    if (name !== undefined && version !== undefined) found.set(name, version);
  }
  return sorted(found);
}

/** The packages of a `packages.tsv` (name, version, architecture, source, source version). */
export function parsePackageList(text: string): InstalledPackage[] {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [name, version] = line.split("\t");
    if (name !== undefined && version !== undefined) found.set(name, version);
  }
  return sorted(found);
}

function sorted(found: ReadonlyMap<string, string>): InstalledPackage[] {
  return [...found].map(([name, version]) => ({ name, version })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What differs between two lists, one line each; empty when they are the same. */
export function packageDifferences(
  expected: readonly InstalledPackage[],
  actual: readonly InstalledPackage[],
): string[] {
  const before = new Map(expected.map(({ name, version }) => [name, version]));
  const after = new Map(actual.map(({ name, version }) => [name, version]));
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${before.get(name) ?? "absent"} -> ${after.get(name) ?? "absent"}`);
}
