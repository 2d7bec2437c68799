import type { Selection } from "../endpoints/select.ts";
import { HEADER } from "../rendered.ts";
import type { Client } from "../settings/settings.ts";

/** A list file for Squid: one value a line, comments from `#`. */
function listText(about: string, values: readonly string[]): string {
  return `# ${about}\n${HEADER}${values.map((value) => `${value}\n`).join("")}`;
}

export function allowedTls({ tls, catalogue }: Selection): string {
  return listText(`Names that a tunnel to port 443 may reach; catalogue of ${catalogue}.`, tls);
}

export function allowedWeb({ web, catalogue }: Selection): string {
  return listText(`Names that GET on port 80 may reach; catalogue of ${catalogue}.`, web);
}

export function clientList(clients: readonly Client[]): string {
  return listText(
    "Networks that may use the proxy.",
    clients.map(({ cidr }) => cidr),
  );
}
