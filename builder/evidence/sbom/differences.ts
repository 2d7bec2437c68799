/** A package as one side or the other has it. */
export interface VersionedPackage {
  name: string;
  version: string;
}

/**
 * The packages that are not the same on two sides, a line each, sorted by name.
 *
 * @param named who says `should`: `the SBOM`.
 */
export function* differentPackages(
  should: readonly VersionedPackage[],
  is: readonly VersionedPackage[],
  named: string,
): Generator<string> {
  const wanted = versionsOf(should);
  const found = versionsOf(is);
  for (const name of [...new Set([...wanted.keys(), ...found.keys()])].sort()) {
    const [a, b] = [wanted.get(name), found.get(name)];
    if (a === b) continue;
    if (a === undefined) yield `${name} ${b} is not in ${named}`;
    else if (b === undefined) yield `${name} ${a} is only in ${named}`;
    else yield `${name} is ${b}, and ${a} in ${named}`;
  }
}

/** A name may be there for more than one architecture. */
function versionsOf(packages: readonly VersionedPackage[]): ReadonlyMap<string, string> {
  const versions = new Map<string, string[]>();
  for (const { name, version } of packages) versions.set(name, [...(versions.get(name) ?? []), version]);
  return new Map([...versions].map(([name, all]) => [name, all.sort().join(", ")]));
}
