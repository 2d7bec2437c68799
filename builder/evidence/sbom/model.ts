import type { BaseId } from "../../recipe/recipe.ts";

/** What is in an image, in no format yet. Lists are in the order in which they are written. */
export interface Sbom {
  /** `postern-1.0.0-debian-13-amd64`. */
  name: string;
  version: string;
  base: BaseId;
  /** Seconds since 1970 that the image carries; no clock was asked. */
  epoch: number;
  components: readonly Component[];
  /** Texts of the licences that have no SPDX id. */
  texts: readonly LicenseText[];
}

/** `package` is one of the distribution's. */
export type ComponentKind = "operating-system" | "package" | "application" | "library" | "data";

export interface Component {
  /** Letters, digits, `.` and `-`; one of its own in this SBOM. */
  ref: string;
  kind: ComponentKind;
  name: string;
  version: string;
  description?: string;
  supplier?: string;
  /** https://github.com/package-url/purl-spec */
  purl?: string;
  /** CPE 2.3, where scanners know it by nothing else. */
  cpe?: string;
  hashes: readonly Hash[];
  /** The file of the image that the hash is of, without a first slash; else it is of the package as it was fetched. */
  file?: string;
  source?: { name: string; version: string };
  license: DeclaredLicense;
  /** Refs of what is inside it, and of what it needs to run. */
  contains: readonly string[];
  dependsOn: readonly string[];
}

/** Hex. */
export interface Hash {
  algorithm: "SHA-256" | "SHA-512";
  value: string;
}

/** What the component says of itself. Nobody has looked whether that is so. */
export interface DeclaredLicense {
  /** An SPDX licence expression; absent where nothing was said. */
  expression?: string;
  /** Where that is from, or why there is nothing. */
  comment: string;
}

export interface LicenseText {
  /** `LicenseRef-...` */
  id: string;
  name: string;
  text: string;
}

/** Everything else is in it. */
export const APPLIANCE_REF = "appliance";

/** Names of what CycloneDX has no field for. */
export const PROPERTIES = {
  file: "postern:file",
  source: "postern:source",
  license: "postern:license",
} as const;
