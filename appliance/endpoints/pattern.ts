/** Whether a host of the catalogue is a pattern: only a regular expression can say a part of a label. */
export function isPattern(host: string): boolean {
  return host.includes("*");
}

/**
 * A pattern as a regular expression for Squid's dstdom_regex and for JavaScript, from the first character of a
 * name to its last: `*` stands for letters, digits and hyphens of one label, never for a dot.
 */
export function patternText(host: string): string {
  return `^${host.replaceAll(".", "\\.").replaceAll("*", "[a-z0-9-]*")}$`;
}

/** Whether a name fits one of the patterns, as Squid's `dstdom_regex -i` has it. */
export function fitsPattern(patterns: readonly string[], host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return patterns.some((pattern) => new RegExp(patternText(pattern)).test(name));
}
