import type { Defender } from "../settings/settings.ts";
import type { Catalogue } from "./catalogue.ts";

/**
 * Squid reads the lines of its files in pieces of 2048 bytes (CONFIG_LINE_LIMIT), and the rest of a longer
 * comment would be values.
 *
 * @see https://github.com/squid-cache/squid/blob/master/src/ConfigParser.h
 */
const WIDTH = 100;

/** The catalogue and the choice in words, a line each. Nothing else decides which names are open. */
export function madeFrom(choice: Defender, { version }: Catalogue): string[] {
  const { cloud, regions, connectivity, services, workspaces, form, broad, extra } = choice;
  return [
    `Catalogue of ${version}`,
    `Cloud ${cloud}, connectivity ${connectivity}, ${form} names`,
    ...listed("Regions", regions, "all"),
    ...listed("Services", services),
    ...listed("Identity workspaces", workspaces),
    ...listed("Broad names", broad),
    ...listed(
      "Extra destinations",
      extra.map(({ host }) => host),
    ),
  ];
}

/** `Services: mde, mdi`, on as many lines as it takes. */
function listed(title: string, names: readonly string[], none = "none"): string[] {
  const lines = [`${title}:${names.length === 0 ? ` ${none}` : ""}`];
  for (const [index, name] of names.entries()) {
    const text = ` ${name}${index === names.length - 1 ? "" : ","}`;
    const last = lines.at(-1) ?? "";
    if (last.length + text.length <= WIDTH) lines.splice(-1, 1, last + text);
    else lines.push(` ${text}`);
  }
  return lines;
}
