import { type Described, defaultOf, isRequired, limitOf, settingsDescribed } from "./described.ts";

export type Keywords = Record<string, unknown>;

/**
 * The settings file as JSON Schema, for editors. It takes everything that posternctl takes; posternctl refuses
 * more, because it knows what an address is and how two fields belong together.
 */
export function settingsJsonSchema(): Keywords {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Postern settings",
    description: "The settings file of the Postern appliance, /etc/postern/settings.yaml, version 1.",
    ...keywordsOf(settingsDescribed()),
  };
}

export function keywordsOf(field: Described): Keywords {
  const { flags = {}, notes = [], examples, metas = [] } = field;
  const description = [flags.description, unitText(flags.unit), ...notes].filter(Boolean).join(" ");
  const fallback = defaultOf(field);
  return {
    ...(description === "" ? {} : { description: description.replaceAll("`", "") }),
    ...typeKeywords(field),
    ...Object.assign({}, ...metas.map(({ json }) => json)),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(examples === undefined ? {} : { examples }),
  };
}

function unitText(unit: string | undefined): string | undefined {
  return unit === undefined ? undefined : `In ${unit}.`;
}

function typeKeywords(field: Described): Keywords {
  const { type, allow = [], flags, items, keys = {} } = field;
  const [minimum, maximum] = [limitOf(field, "min"), limitOf(field, "max")];
  if (type === "any" || (type === "number" && flags?.only === true))
    return allow.length === 1 ? { const: allow[0] } : { enum: allow };
  if (type === "string") return { type, ...(flags?.only === true ? { enum: allow } : { minLength: 1 }) };
  if (type === "number") return { type: "integer", minimum, maximum };
  if (type === "array") {
    const least = minimum === undefined ? {} : { minItems: minimum };
    return {
      type,
      items: items?.[0] === undefined ? true : keywordsOf(items[0]),
      ...least,
      maxItems: maximum,
    };
  }
  if (type === "object") {
    const entries = Object.entries(keys);
    const required = entries.filter(([, one]) => isRequired(one)).map(([name]) => name);
    return {
      type,
      properties: Object.fromEntries(entries.map(([name, one]) => [name, keywordsOf(one)])),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    };
  }
  return { type };
}
