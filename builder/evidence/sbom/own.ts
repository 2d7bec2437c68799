import { isSpdxId } from "./license/short-names.ts";
import type { LockedPackage } from "./lock.ts";
import type { Component, DeclaredLicense } from "./model.ts";
import { packageUrl } from "./purl.ts";

/** What the appliance runs on beside the distribution. */
export interface OwnParts {
  version: string;
  /** SHA-256 of the two files in the image. */
  console: { file: string; sha256: string };
  node: { file: string; sha256: string };
  /** The npm packages in the console's one file. */
  bundled: readonly LockedPackage[];
  /** The npm package that Node is from. */
  nodePackage: LockedPackage;
  /** Of the Node that ships: `process.versions`. */
  nodeVersions: Readonly<Record<string, string | undefined>>;
  /** Of the catalogue of Defender's endpoints that is built in. */
  catalogue: string;
}

/** Itself, and numbers of interfaces and of data inside a library. */
const NO_LIBRARIES: readonly string[] = ["node", "modules", "napi", "unicode", "cldr", "tz"];
/** Where a package was fetched is its supplier in both formats; who wrote it is another matter. */
const NPM = "npm";
export const OWN_LICENSE: DeclaredLicense = { expression: "Apache-2.0", comment: "LICENSE of the project" };

/** The console with what is bundled into it, Node with what is linked into it, and the catalogue. */
export function ownParts(parts: OwnParts): Component[] {
  const libraries = parts.bundled.map(npmComponent);
  const linked = Object.entries(parts.nodeVersions).flatMap(([name, version]) =>
    // An empty version is that of a library which this Node was made without.
    version === undefined || version === "" || NO_LIBRARIES.includes(name)
      ? []
      : [linkedComponent(name, version)],
  );
  return [
    consoleComponent(parts, libraries),
    ...libraries,
    catalogueComponent(parts.catalogue),
    nodeComponent(parts, linked),
    ...linked,
  ];
}

function consoleComponent({ version, console }: OwnParts, libraries: readonly Component[]): Component {
  return {
    ref: "posternctl",
    kind: "application",
    name: "posternctl",
    version,
    description: "console and commands of the appliance, bundled into one file",
    supplier: "Postern",
    hashes: [{ algorithm: "SHA-256", value: console.sha256 }],
    file: console.file,
    license: OWN_LICENSE,
    contains: [...libraries.map(({ ref }) => ref), "catalogue"],
    dependsOn: ["node"],
  };
}

function catalogueComponent(version: string): Component {
  return {
    ref: "catalogue",
    kind: "data",
    name: "postern-catalogue",
    version,
    description: "names of the Microsoft Defender cloud that the proxy may open",
    supplier: "Postern",
    hashes: [],
    license: OWN_LICENSE,
    contains: [],
    dependsOn: [],
  };
}

function nodeComponent({ node, nodePackage }: OwnParts, linked: readonly Component[]): Component {
  const { version } = nodePackage;
  return {
    ref: "node",
    kind: "application",
    name: "node",
    version,
    description: `Node.js of the npm package ${nodePackage.name}, stripped`,
    supplier: NPM,
    purl: npmUrl(nodePackage),
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    hashes: [{ algorithm: "SHA-256", value: node.sha256 }],
    file: node.file,
    license: npmLicense(nodePackage),
    contains: linked.map(({ ref }) => ref),
    dependsOn: [],
  };
}

function linkedComponent(name: string, version: string): Component {
  return {
    ref: `node-${name.replaceAll("_", "-")}`,
    kind: "library",
    name,
    version,
    description: "linked into node, by its own word (process.versions)",
    supplier: "Node.js",
    purl: packageUrl({ type: "generic", name, version }),
    hashes: [],
    license: { comment: "node does not say" },
    contains: [],
    dependsOn: [],
  };
}

function npmComponent(one: LockedPackage): Component {
  return {
    ref: `npm-${one.name.replace("@", "").replaceAll("/", ".")}-${one.version}`,
    kind: "library",
    name: one.name,
    version: one.version,
    supplier: NPM,
    purl: npmUrl(one),
    hashes: one.hashes,
    license: npmLicense(one),
    contains: [],
    dependsOn: [],
  };
}

function npmUrl({ name, version }: LockedPackage): string {
  const [scope, rest] = name.split("/");
  return rest === undefined
    ? packageUrl({ type: "npm", name, version })
    : packageUrl({ type: "npm", namespace: scope ?? "", name: rest, version });
}

/** One id is taken as it is. An expression would have to be parsed first. */
function npmLicense({ license }: LockedPackage): DeclaredLicense {
  if (license === undefined) return { comment: "its package.json names none" };
  if (isSpdxId(license)) return { expression: license, comment: "its package.json" };
  return { comment: `its package.json says ${JSON.stringify(license)}` };
}
