import { isDeepStrictEqual } from "node:util";
import { ITEM, settingsSchema } from "../schema.ts";

/**
 * A value without the fields that the schema would fill in the same way.
 *
 * @param path Of the value, with `ITEM` for the entry of a list.
 */
export function withoutImplied(path: readonly string[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutImplied([...path, ITEM], one));
  if (typeof value !== "object" || value === null) return value;
  const schema = settingsSchema.extract([...path]);
  let slim: Record<string, unknown> = { ...value };
  for (const key of Object.keys(value)) {
    const { [key]: _, ...rest } = slim;
    const result = schema.validate(rest, { convert: false });
    if (result.error === undefined && isDeepStrictEqual(result.value, value)) slim = rest;
  }
  return slim;
}
