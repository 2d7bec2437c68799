import { bytesText, tableText } from "../host/text.ts";
import type { StageVerdict } from "./stages.ts";
import type { NodeDifference } from "./tree.ts";

/** What came of rebuilding one artifact. */
export interface ArtifactVerdict {
  file: string;
  /** Bytes, of the first build. */
  size: number;
  same: boolean;
  /** SHA-256, hex: of the first build, and of the second; absent when the second did not make it. */
  expected: string;
  got?: string;
  /** Where it differs: its own stage first, the one that the difference comes from last. */
  trail: readonly string[];
  /** What differs in it, in words, and files in it. */
  parts: readonly string[];
  files: readonly NodeDifference[];
}

export interface Report {
  /** Conditions that were not those of the first build, where it went on all the same. */
  conditions: readonly string[];
  /** Installed packages that are not those of the first build. */
  packages: readonly string[];
  stages: readonly StageVerdict[];
  artifacts: readonly ArtifactVerdict[];
}

const MOST_FILES = 40;

/** The report for a person. */
export function reportText({ packages, artifacts }: Report): string {
  const rows = artifacts.flatMap(({ file, size, same, trail, parts, files }) => [
    [same ? "same" : "DIFFERENT", file, bytesText(size)],
    ...(same ? [] : [["", `  comes from ${trail.toReversed().join(" -> ")}`]]),
    ...parts.map((part) => ["", `  ${part}`]),
    ...files.slice(0, MOST_FILES).map(({ path, what }) => ["", `  ${path}: ${what.join("; ")}`]),
    ...(files.length > MOST_FILES
      ? [["", `  and ${files.length - MOST_FILES} more files; --json has all`]]
      : []),
  ]);
  const changed = packages.map((line) => `package ${line}\n`).join("");
  return `${changed}${tableText(rows)}`;
}
