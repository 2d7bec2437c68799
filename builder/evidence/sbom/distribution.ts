import type { Base } from "../../recipe/base.ts";
import { type DpkgPackage, idOf } from "./dpkg.ts";
import { readCopyright } from "./license/copyright.ts";
import type { Component, DeclaredLicense, LicenseText } from "./model.ts";
import { packageUrl } from "./purl.ts";
import type { TreeContent } from "./tree.ts";

/** What the base's list says of a package; a package of our own has no hash. */
export interface ListedPackage {
  name: string;
  version: string;
  sha256?: string;
}

export interface DistributionParts {
  components: readonly Component[];
  texts: readonly LicenseText[];
}

type Named = Pick<Base, "id" | "distribution" | "title">;

const SUPPLIERS: Readonly<Record<Base["distribution"], string>> = { debian: "Debian", ubuntu: "Ubuntu" };
const OWN = "Postern";

/** The distribution itself and each of its packages. */
export function distributionParts(
  base: Named,
  packages: readonly DpkgPackage[],
  listed: readonly ListedPackage[],
  copyright: TreeContent["copyright"],
): DistributionParts {
  const hashes = new Map(listed.map(({ name, sha256 }) => [name, sha256]));
  const needed = requirements(packages);
  const texts: LicenseText[] = [];
  const components = packages.map((one): Component => {
    const sha256 = hashes.get(one.name);
    const read = licenseOf(copyright(one.name));
    texts.push(...read.texts);
    return {
      ref: refOf(one),
      kind: "package",
      name: one.name,
      version: one.version,
      description: one.summary,
      supplier: sha256 === undefined ? OWN : SUPPLIERS[base.distribution],
      purl: debUrl(base, one, sha256 !== undefined),
      hashes: sha256 === undefined ? [] : [{ algorithm: "SHA-256", value: sha256 }],
      source: one.source,
      license: read.license,
      contains: [],
      dependsOn: needed.get(idOf(one)) ?? [],
    };
  });
  return { components: [system(base, components), ...components], texts };
}

/** Scanners read from it whose advisories they have to look in. */
function system(base: Named, packages: readonly Component[]): Component {
  return {
    ref: "distribution",
    kind: "operating-system",
    name: base.distribution,
    version: versionOf(base),
    description: base.title,
    supplier: SUPPLIERS[base.distribution],
    hashes: [],
    license: { comment: "each of its packages has its own" },
    contains: packages.map(({ ref }) => ref),
    dependsOn: [],
  };
}

function versionOf({ id, distribution }: Named): string {
  return id.slice(distribution.length + 1);
}

/** The source package stands in `upstream`, by which scanners find advisories that name only that. */
function debUrl(
  base: Named,
  { name, version, architecture, source }: DpkgPackage,
  isArchived: boolean,
): string {
  const sameVersion = source.version === version;
  const upstream = sameVersion ? source.name : `${source.name}@${source.version}`;
  return packageUrl({
    type: "deb",
    namespace: isArchived ? base.distribution : OWN.toLowerCase(),
    name,
    version,
    qualifiers: {
      arch: architecture,
      distro: base.id,
      ...(source.name === name && sameVersion ? {} : { upstream }),
    },
  });
}

function licenseOf(file: { path: string; text: string } | undefined): {
  license: DeclaredLicense;
  texts: readonly LicenseText[];
} {
  if (file !== undefined) return readCopyright(file.text, file.path);
  return { license: { comment: "the package has no copyright file in the image" }, texts: [] };
}

/** Refs of the installed packages that each one needs, by its id. A name stands for all packages that answer to it. */
function requirements(packages: readonly DpkgPackage[]): ReadonlyMap<string, string[]> {
  const answering = new Map<string, string[]>();
  for (const one of packages) {
    for (const name of new Set([one.name, ...one.provides])) {
      answering.set(name, [...(answering.get(name) ?? []), refOf(one)]);
    }
  }
  return new Map(
    packages.map((one) => {
      const refs = one.needs.flat().flatMap((name) => answering.get(name) ?? []);
      return [idOf(one), [...new Set(refs)].filter((ref) => ref !== refOf(one)).sort()];
    }),
  );
}

/** Names have a `+` where refs may have none; doubling the dash keeps two names from meeting. */
function refOf({ name, architecture }: DpkgPackage): string {
  return `deb-${name.replaceAll("-", "--").replaceAll("+", "-plus-")}-${architecture}`;
}
