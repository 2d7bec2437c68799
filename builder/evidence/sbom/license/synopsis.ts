/**
 * The first line of a `License` field as the terms that all hold, each an SPDX expression: `and` binds before `or`,
 * and `, and` after both.
 *
 * @param name turns one short name into SPDX's expression.
 * @see https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/#license-syntax
 */
export function termsOfSynopsis(synopsis: string, name: (text: string) => string): string[] {
  const text = synopsis.trim().replace(/\s+/g, " ");
  const parts = text.split(/, and /i);
  // Any other comma has no meaning there.
  if (parts.some((part) => part.includes(","))) return [name(text)];
  return parts.flatMap((part) => {
    const choices = part.split(/ or /i).map((choice) => choice.split(/ and /i).map(name));
    const [only] = choices;
    if (choices.length === 1 && only !== undefined) return only;
    return [[...new Set(choices.map(joinTerms))].sort().join(" OR ")];
  });
}

/** Terms that all hold as one expression, each once, sorted by code unit. */
export function joinTerms(terms: Iterable<string>): string {
  const sorted = [...new Set(terms)].sort();
  const [only] = sorted;
  if (sorted.length === 1 && only !== undefined) return only;
  return sorted.map((term) => (term.includes(" OR ") ? `(${term})` : term)).join(" AND ");
}
