import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** A distribution package that the build host must have; one line of `packages.list`. */
export interface HostPackage {
  name: string;
  /** A command, or an absolute path. */
  probe: string;
  /** Least version of the command. */
  minimum?: string;
  purpose: string;
  when: "build" | "test";
}

const LIST = new URL("packages.list", import.meta.url);
const LINE =
  /^([a-z0-9][a-z0-9+.-]+)\s*\|\s*([\w./+-]+)(?:\s*>=\s*([\d.]+))?\s*\|\s*([^|]+?)\s*\|\s*(build|test)$/;

/** @throws Error for a line that is not one: the list is ours. */
export function parsePackages(text: string): HostPackage[] {
  const packages: HostPackage[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const [, name, probe, minimum, purpose, when] = LINE.exec(line) ?? [];
    if (name === undefined || probe === undefined || purpose === undefined)
      throw new Error(`packages.list: ${line}`);
    packages.push({
      name,
      probe,
      ...(minimum === undefined ? {} : { minimum }),
      purpose,
      when: when === "test" ? "test" : "build",
    });
  }
  return packages;
}

export async function hostPackages(): Promise<HostPackage[]> {
  return parsePackages(await readFile(LIST, "utf8"));
}

/** Where a probe is found, or undefined. */
export async function findProbe(probe: string, path = process.env.PATH ?? ""): Promise<string | undefined> {
  if (probe.startsWith("/")) return (await isThere(probe, constants.R_OK)) ? probe : undefined;
  for (const folder of path.split(delimiter)) {
    if (folder === "") continue;
    const file = join(folder, probe);
    if (await isThere(file, constants.X_OK)) return file;
  }
  return undefined;
}

async function isThere(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** Whether a dotted version is at least another; what is no number counts as 0. */
export function isAtLeast(version: string, minimum: string): boolean {
  const have = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  const want = minimum.split(".").map((part) => Number.parseInt(part, 10) || 0);
  for (let index = 0; index < Math.max(have.length, want.length); index++) {
    const difference = (have[index] ?? 0) - (want[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The command that installs packages, as a person would type it. */
export function installCommand(names: readonly string[], isRoot = process.geteuid?.() === 0): string {
  return `${isRoot ? "" : "sudo "}apt-get install --no-install-recommends ${names.join(" ")}`;
}
