import type { Problem } from "../settings/problem.ts";
import type { Part } from "./steps/part.ts";

const MORE_NETWORK = /^network\.(search|ipv6|vlan|mtu|routes|additional)\b/;

const PARTS: readonly (readonly [RegExp, Part])[] = [
  [MORE_NETWORK, "network-more"],
  [/^network\b/, "network"],
  [/^keyboard\b/, "keyboard"],
  [/^hostname\b/, "name"],
  [/^clients\b/, "clients"],
  [/^admin\b/, "admin"],
  [/^defender\b/, "defender"],
  [/^proxy\b/, "proxy"],
  [/^time\b/, "time"],
  [/^logging\b/, "logging"],
  [/^updates\b/, "updates"],
];

/** The lines of the review that problems belong to, each once. */
export function partsOf(problems: readonly Problem[]): Part[] {
  const parts = problems.flatMap(({ path }) => PARTS.find(([pattern]) => pattern.test(path))?.[1] ?? []);
  return [...new Set(parts)];
}

/** A problem as one line: where, what was expected, what came. */
export function problemLine({ path, expected, got }: Problem): string {
  return `${path}: expected ${expected}; got ${got}`;
}
