import { readFileSync } from "node:fs";
import type { Paths } from "./paths.ts";

/** What the image was built as; written by the builder. */
export interface Release {
  version: string;
  /** `debian-13`, `ubuntu-24.04`. */
  base: string;
}

/** Read before anything else is loaded: the first line on the screen carries the version. */
export function readRelease({ release }: Paths): Release {
  try {
    const value: unknown = JSON.parse(readFileSync(release, "utf8"));
    if (typeof value === "object" && value !== null && "version" in value && "base" in value) {
      return { version: String(value.version), base: String(value.base) };
    }
  } catch {
    // Outside an image, in tests and while developing, there is no release.
  }
  return { version: "(no release)", base: "unknown" };
}
