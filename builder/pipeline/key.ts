import { createHash } from "node:crypto";
import type { Stage } from "./stage.ts";

/** Raised when an entry's layout changes; every entry made before is then built again. */
export const CACHE_FORMAT = 1;

/** How many hex digits of a key stand in folder names: 64 bits are plenty for the few entries of a cache. */
export const SHORT_KEY = 16;

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** JSON with its names sorted by code unit and no white space: one text for one value, whatever the locale. */
export function canonicalJson(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const pairs = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`);
  return `{${pairs.join(",")}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * The key of a stage: SHA-256 (hex) over all that goes into it, the keys of the stages it reads included.
 *
 * @param needs the keys of the stages it needs, by id.
 */
export function stageKey(
  stage: Pick<Stage, "id" | "inputs" | "outputs">,
  needs: Readonly<Record<string, string>>,
): string {
  const { id, inputs, outputs } = stage;
  const text = canonicalJson({ format: CACHE_FORMAT, id, inputs, outputs, needs });
  return createHash("sha256").update(text).digest("hex");
}

/** The folder name of an entry: `base-0123456789abcdef`. */
export function entryName(id: string, key: string): string {
  return `${id}-${key.slice(0, SHORT_KEY)}`;
}
