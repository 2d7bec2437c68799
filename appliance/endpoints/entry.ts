import type { Cloud, Connectivity, Region, Service } from "../settings/settings.ts";

/** How a name was learnt: from Microsoft's current list, an older one, its tools, or not confirmed. */
export const CONFIDENCES = ["documented", "documented-older", "observed", "unverified"] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/**
 * Whose the names and their content are: run by Microsoft for one purpose, shared by all tenants, the customer's
 * own, or under the control of other tenants. What is broad is never opened by a service alone.
 */
export const BREADTHS = ["microsoft", "shared", "workspace", "broad"] as const;
export type Breadth = (typeof BREADTHS)[number];

/** Who asks for a name. */
export const SYSTEMS = ["windows", "linux", "macos", "admin-workstation"] as const;

/** One request that shows whether a name is reached, and the status that Microsoft's own tools take as good. */
export interface EndpointTest {
  path: string;
  method: "GET" | "HEAD";
  expect: number;
}

export interface CatalogueEntry {
  /**
   * `a.example`, `.a.example` for it and every name below, `{workspace}...` for one name a workspace,
   * `a*.b.example` where a part of one label may be anything.
   */
  host: string;
  purpose: string;
  ports: readonly (80 | 443)[];
  /** Id of the catalogue's service. */
  service: string;
  clouds: readonly Cloud[];
  regions: readonly ("all" | Region)[];
  connectivity: readonly Connectivity[];
  os: readonly (typeof SYSTEMS)[number][];
  /** When it is needed, where that is not always. */
  when?: string;
  /** Whether the service's own list calls it required. */
  required: boolean;
  breadth: Breadth;
  /** Of a broad entry: what it opens, in words that follow a colon. */
  opens?: string;
  /** Documented names of the same service that together do instead of this one. */
  narrower?: readonly string[];
  /** What else does instead, a sentence. */
  instead?: string;
  /** Microsoft says that it cannot go through a proxy. */
  noProxy?: boolean;
  /** What is fetched there; only plain HTTP could enforce it. */
  path?: string;
  tests?: readonly EndpointTest[];
  confidence: Confidence;
  sources: readonly string[];
}

export interface CatalogueService {
  id: string;
  title: string;
  /** Which services of the settings turn it on; `always`: every one of them. */
  choices: readonly ("always" | Service)[];
}

export interface Catalogue {
  schema: 1;
  /** Date of the newest fact in it, with a number where there are several of one day. */
  version: string;
  sources: readonly { id: string; title: string; url: string; date: string }[];
  services: readonly CatalogueService[];
  entries: readonly CatalogueEntry[];
}
