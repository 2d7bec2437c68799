import { settingsSchema } from "../../appliance/settings/schema.ts";

/** The parts of joi's own description of a schema that the pages are made from. */
export interface Described {
  type: "string" | "number" | "boolean" | "array" | "object" | "any";
  flags?: {
    description?: string;
    presence?: "required";
    default?: unknown;
    unit?: string;
    /** `allow` holds all there is. */
    only?: boolean;
  };
  allow?: readonly unknown[];
  rules?: readonly { name: string; args?: { limit?: number } }[];
  examples?: readonly unknown[];
  notes?: readonly string[];
  metas?: readonly { json?: Readonly<Record<string, unknown>>; default?: string }[];
  keys?: Readonly<Record<string, Described>>;
  items?: readonly Described[];
}

/** The schema of the settings file, described. */
export function settingsDescribed(): Described {
  return settingsSchema.describe() as unknown as Described;
}

export function limitOf({ rules = [] }: Described, name: "min" | "max"): number | undefined {
  return rules.find((rule) => rule.name === name)?.args?.limit;
}

export function isRequired({ flags }: Described): boolean {
  return flags?.presence === "required";
}

/** The default as a value, where it is one and says something. */
export function defaultOf({ flags, type }: Described): unknown {
  const value = flags?.default;
  if (value === undefined || typeof value === "function" || type === "object") return undefined;
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}
