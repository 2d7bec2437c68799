import { LIMITS, type Limit } from "../../builder/evidence/release/limits.ts";
import { GENERATED } from "./markdown.ts";

/** docs/limits.md: every known limit, also those that a release page leaves out. */
export function limitsPage(): string {
  return [
    GENERATED,
    "# Known limits",
    "",
    "What Postern does not do, and what nobody has seen it do. Each [release page](release.md) shows those of its base and",
    "its formats.",
    "",
    ...LIMITS.flatMap((limit) => [`## ${limit.title}`, "", limit.text, ...aboutText(limit), ""]),
  ].join("\n");
}

function aboutText({ formats, bases }: Limit): string[] {
  const about = [...(bases ?? []), ...(formats ?? [])];
  return about.length === 0 ? [] : ["", `About: ${about.map((one) => `\`${one}\``).join(", ")}.`];
}
