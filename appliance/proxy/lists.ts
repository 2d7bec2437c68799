import { patternText } from "../endpoints/pattern.ts";
import type { Selection } from "../endpoints/select.ts";
import { HEADER } from "../rendered.ts";
import type { Client } from "../settings/settings.ts";

/** A list file for Squid: one value a line, comments from `#`. */
function listText(about: readonly string[], values: readonly string[]): string {
  const [first, ...more] = about.map((line) => `# ${line}\n`);
  return [first, HEADER, ...more, ...values.map((value) => `${value}\n`)].join("");
}

export function allowedTls({ tls, madeFrom }: Selection): string {
  return listText(["Names that a tunnel to port 443 may reach.", ...madeFrom], tls);
}

/** Regular expressions of Squid's dstdom_regex; undefined: none is needed, and there must be no such list. */
export function allowedTlsRegex({ patterns, madeFrom }: Selection): string | undefined {
  if (patterns.length === 0) return undefined;
  const about = "Names that a tunnel to port 443 may reach, each line from its first character to its last.";
  return listText([about, ...madeFrom], patterns.map(patternText));
}

export function allowedWeb({ web, madeFrom }: Selection): string {
  return listText(["Names that GET on port 80 may reach.", ...madeFrom], web);
}

export function clientList(clients: readonly Client[]): string {
  return listText(
    ["Networks that may use the proxy."],
    clients.map(({ cidr }) => cidr),
  );
}
