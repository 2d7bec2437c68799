import { compareVersions } from "../../host/debversion.ts";
import type { RecordedPackage } from "../record.ts";

/** A package that is not what it was in an earlier build. */
export type PackageChange =
  | { kind: "added"; name: string; version: string }
  | { kind: "removed"; name: string; version: string }
  | { kind: "newer" | "older"; name: string; before: string; version: string }
  /** The same version, and another file. */
  | { kind: "rebuilt"; name: string; version: string };

/** What changed from an earlier build to this one, sorted by name; newer and older as dpkg orders versions. */
export function changesSince(
  before: readonly RecordedPackage[],
  now: readonly RecordedPackage[],
): PackageChange[] {
  const [old, own] = [byName(before), byName(now)];
  const names = [...new Set([...old.keys(), ...own.keys()])].sort();
  return names.flatMap((name) => changeOf(name, old.get(name), own.get(name)));
}

function changeOf(
  name: string,
  before: RecordedPackage | undefined,
  now: RecordedPackage | undefined,
): PackageChange[] {
  if (before === undefined) return now === undefined ? [] : [{ kind: "added", name, version: now.version }];
  if (now === undefined) return [{ kind: "removed", name, version: before.version }];
  const order = compareVersions(now.version, before.version);
  const versions = { name, before: before.version, version: now.version };
  if (order > 0) return [{ kind: "newer", ...versions }];
  if (order < 0) return [{ kind: "older", ...versions }];
  const isSame = now.sha256 === before.sha256 && now.version === before.version;
  return isSame ? [] : [{ kind: "rebuilt", name, version: now.version }];
}

function byName(packages: readonly RecordedPackage[]): Map<string, RecordedPackage> {
  return new Map(packages.map((one) => [one.name, one]));
}
