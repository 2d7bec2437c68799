import Joi from "joi";
import { check, problemsError } from "../settings/problem.ts";
import {
  CLOUDS,
  type Cloud,
  CONNECTIVITIES,
  type Connectivity,
  REGIONS,
  type Region,
  SERVICES,
  type Service,
} from "../settings/settings.ts";
import data from "./catalogue.json" with { type: "json" };

/** How a name was learnt: from Microsoft's current list, an older one, its tools, or not confirmed. */
export type Confidence = "documented" | "documented-older" | "observed" | "unverified";

/** One request that shows whether a name is reached, and the status that Microsoft's own tools take as good. */
export interface EndpointTest {
  path: string;
  method: "GET" | "HEAD";
  expect: number;
}

export interface CatalogueEntry {
  /** `a.example`, `.a.example` for it and every name below, `{workspace}...` for one name a workspace. */
  host: string;
  ports: readonly (80 | 443)[];
  /** Id of the catalogue's service. */
  service: string;
  clouds: readonly Cloud[];
  regions: readonly ("all" | Region)[];
  connectivity: readonly Connectivity[];
  /** Whether the service's own list calls it required. */
  required: boolean;
  /** Any customer of the cloud can put a name or content there: never opened by a service alone. */
  broad: boolean;
  /** Run by Microsoft and shared by all tenants. */
  multiTenant?: boolean;
  /** Microsoft says that it cannot go through a proxy. */
  noProxy?: boolean;
  /** Documented names of the same service that together do instead of this one. */
  narrower?: readonly string[];
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
  /** Date of the newest fact in it, which is also its version. */
  version: string;
  sources: readonly { id: string; title: string; url: string; date: string }[];
  services: readonly CatalogueService[];
  entries: readonly CatalogueEntry[];
}

const HOST = /^(\{workspace\}|\.)?([a-z0-9]([a-z0-9-]*\*?[a-z0-9])?\*?\.)+[a-z]{2,}$/;

const id = Joi.string().pattern(/^[a-z0-9-]+$/);
const list = (item: Joi.Schema) => Joi.array().items(item).min(1).unique();

const entry = Joi.object({
  host: Joi.string().pattern(HOST).required(),
  ports: list(Joi.valid(80, 443)).required(),
  service: id.required(),
  clouds: list(Joi.valid(...CLOUDS)).required(),
  regions: list(Joi.valid("all", ...REGIONS)).required(),
  connectivity: list(Joi.valid(...CONNECTIVITIES)).required(),
  required: Joi.boolean().required(),
  broad: Joi.boolean().required(),
  multiTenant: Joi.boolean(),
  noProxy: Joi.boolean(),
  narrower: list(Joi.string().pattern(HOST)),
  path: Joi.string(),
  tests: list(
    Joi.object({
      path: Joi.string().pattern(/^\//).required(),
      method: Joi.valid("GET", "HEAD").required(),
      expect: Joi.number().integer().min(200).max(599).required(),
    }),
  ),
  confidence: Joi.valid("documented", "documented-older", "observed", "unverified").required(),
  sources: list(id).required(),
});

const schema: Joi.ObjectSchema<Catalogue> = Joi.object({
  schema: Joi.valid(1).required(),
  version: Joi.string()
    .pattern(/^\d{4}-\d\d-\d\d$/)
    .required(),
  sources: list(
    Joi.object({
      id: id.required(),
      title: Joi.string().required(),
      url: Joi.string()
        .uri({ scheme: ["https"] })
        .required(),
      date: Joi.string().required(),
    }),
  ).required(),
  services: list(
    Joi.object({
      id: id.required(),
      title: Joi.string().required(),
      choices: list(Joi.valid("always", ...SERVICES)).required(),
    }),
  ).required(),
  entries: list(entry).required(),
});

/**
 * Checks a catalogue, the one in the image or another one.
 *
 * @throws PosternError `input.catalogue` with every problem.
 */
export function parseCatalogue(value: unknown, file: string): Catalogue {
  const { value: catalogue, problems } = check(schema, value);
  if (catalogue !== undefined) return catalogue;
  throw problemsError("input.catalogue", file, problems, "Take the catalogue that came with the image.");
}

let builtIn: Catalogue | undefined;

/** The catalogue in the image. Checked once: that takes a while on a slow machine. */
export function builtInCatalogue(): Catalogue {
  builtIn ??= parseCatalogue(data, "catalogue.json");
  return builtIn;
}
