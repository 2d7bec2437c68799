import { type Paragraph, parseDeb822 } from "./deb822.ts";

/** Where dpkg keeps what is installed, in a tree. */
export const DPKG_STATUS = "var/lib/dpkg/status";

/** A package that is installed, by dpkg's own word. */
export interface DpkgPackage {
  name: string;
  version: string;
  architecture: string;
  source: { name: string; version: string };
  summary: string;
  /** What it needs: of each group one, by name. Versions are left out, dpkg saw to them. */
  needs: readonly (readonly string[])[];
  /** Names that it also answers to. */
  provides: readonly string[];
}

const NAME = /^[a-z0-9][a-z0-9+.-]+$/;
const VERSION = /^[A-Za-z0-9.+:~-]+$/;
const ARCHITECTURE = /^[a-z0-9-]+$/;
/** Packages that are gone but for their settings, or were only ever talked of. */
const GONE: readonly string[] = ["config-files", "not-installed"];

/**
 * The packages of a `status` file, sorted by name and architecture (code unit).
 *
 * @throws SyntaxError for a file that dpkg did not write.
 * @see dpkg-query(1), deb-control(5)
 */
export function parseDpkgStatus(text: string): DpkgPackage[] {
  const packages = parseDeb822(text).flatMap((fields) => {
    const state = fields.get("status")?.split(" ")[2];
    if (state === undefined) throw new SyntaxError(`${fields.get("package")}: no status`);
    return GONE.includes(state) ? [] : [packageOf(fields)];
  });
  const sorted = packages.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const twice = sorted.find((one, index) => index > 0 && idOf(sorted[index - 1] ?? one) === idOf(one));
  if (twice !== undefined) throw new SyntaxError(`${idOf(twice)} is there twice`);
  return sorted;
}

/** `bash:amd64`. */
export function idOf({ name, architecture }: Pick<DpkgPackage, "name" | "architecture">): string {
  return `${name}:${architecture}`;
}

function packageOf(fields: Paragraph): DpkgPackage {
  const field = (name: string, form: RegExp): string => {
    const value = fields.get(name) ?? "";
    if (!form.test(value))
      throw new SyntaxError(`${fields.get("package")}: ${name} is ${JSON.stringify(value)}`);
    return value;
  };
  const name = field("package", NAME);
  const version = field("version", VERSION);
  return {
    name,
    version,
    architecture: field("architecture", ARCHITECTURE),
    source: sourceOf(fields.get("source") ?? name, version),
    summary: (fields.get("description") ?? "").split("\n", 1)[0] ?? "",
    needs: [...groupsOf(fields.get("pre-depends")), ...groupsOf(fields.get("depends"))],
    provides: groupsOf(fields.get("provides")).flat(),
  };
}

/** `Source: name (version)`; the version is left out where it is the package's own. */
function sourceOf(value: string, version: string): DpkgPackage["source"] {
  const [, name, own = version] = /^(\S+)(?: \((\S+)\))?$/.exec(value) ?? [];
  if (name === undefined || !NAME.test(name) || !VERSION.test(own)) {
    throw new SyntaxError(`source is ${JSON.stringify(value)}`);
  }
  return { name, version: own };
}

/** `a (>= 1) | b:any, c` as names. */
function groupsOf(value: string | undefined): string[][] {
  if (value === undefined || value.trim() === "") return [];
  return value
    .split(",")
    .map((group) => group.split("|").map((one) => /^[a-z0-9+.-]+/.exec(one.trim())?.[0] ?? ""));
}
