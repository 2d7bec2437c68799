/**
 * Leaves out every name that a wider one covers, and sorts the rest by code units.
 *
 * Squid does not start when a list has `x.example` before `.example` (measured with 5.7), and sorting alone
 * does not help: `.a.example` comes before `.example`.
 */
export function prune(names: Iterable<string>): string[] {
  const all = new Set(names);
  return [...all].filter((name) => !wider(name).some((other) => all.has(other))).sort();
}

/** Whether a list in leading-dot form takes a host name, as Squid's dstdomain does. */
export function covers(names: readonly string[], host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return [name, `.${name}`, ...wider(name)].some((candidate) => names.includes(candidate));
}

/** The leading-dot names that contain a name: `.a.b.c` has `.b.c` and `.c`; `a.b` has `.a.b` and `.b`. */
function wider(name: string): string[] {
  const labels = name.replace(/^\./, "").split(".");
  const first = name.startsWith(".") ? 1 : 0;
  return labels.map((_, index) => `.${labels.slice(index).join(".")}`).slice(first);
}
