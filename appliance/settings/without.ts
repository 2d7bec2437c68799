/** A place in a document: `["clients", 1, "cidr"]`. */
export type Place = readonly (string | number)[];

/** The same document without the values at some places. Lists close up; what is left empty stays. */
export function without(value: unknown, places: readonly Place[]): unknown {
  if (places.length === 0) return value;
  if (places.some((place) => place.length === 0)) return undefined;
  const below = new Map<string | number, Place[]>();
  for (const [key = 0, ...rest] of places) {
    const others = below.get(key);
    if (others === undefined) below.set(key, [rest]);
    else others.push(rest);
  }
  if (Array.isArray(value)) {
    const kept = value.map((item: unknown, index) => without(item, below.get(index) ?? []));
    return kept.filter((item, index) => item !== undefined || !below.has(index));
  }
  if (!isMap(value)) return undefined;
  const entries = Object.entries(value).map(([key, inner]) => [key, without(inner, below.get(key) ?? [])]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

/** The value at a place, or undefined. */
export function valueAt(value: unknown, place: Place): unknown {
  return place.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return typeof key === "number" ? inner[key] : undefined;
    return isMap(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
  }, value);
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
