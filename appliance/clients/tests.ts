import { builtInCatalogue, type Catalogue, type CatalogueEntry } from "../endpoints/catalogue.ts";
import { selectEndpoints } from "../endpoints/select.ts";
import type { Defender } from "../settings/settings.ts";
import type { ClientTest } from "./page.ts";

/** A few requests show as much as all of them: one of each kind. */
const MOST_KINDS = 4;

/** Requests that a client can send to see that what is chosen is reached through the proxy. */
export function clientTests(choice: Defender, catalogue: Catalogue = builtInCatalogue()): ClientTest[] {
  const { tls } = selectEndpoints(choice, catalogue);
  const isOpen = (host: string) =>
    tls.some((name) => (name.startsWith(".") ? `.${host}`.endsWith(name) : host === name));
  const services: ClientTest[] = [];
  const identity: ClientTest[] = [];
  for (const entry of catalogue.entries) {
    if (!isMeant(entry, choice)) continue;
    if (entry.host.startsWith("{workspace}")) identity.push(...sensorTests(entry, choice, isOpen));
    const [test] = entry.tests ?? [];
    const isKnown = services.some(({ path }) => path === test?.path);
    if (test === undefined || test.method !== "GET" || isKnown || !isOpen(entry.host)) continue;
    services.push({ host: entry.host, path: test.path, expected: test.expect });
  }
  const some = [...services.slice(0, MOST_KINDS), ...identity];
  const name = tls.find((one) => !one.startsWith("."));
  return some.length > 0 || name === undefined ? some : [{ host: name, path: "/" }];
}

function isMeant({ clouds, regions }: CatalogueEntry, choice: Defender): boolean {
  const { cloud, regions: chosen } = choice;
  if (!clouds.includes(cloud)) return false;
  if (cloud !== "commercial" || chosen.length === 0) return true;
  return regions.some((region) => region === "all" || chosen.includes(region));
}

/** Sensor v2 calls this path itself. Older workspaces answer 503, which shows as well that it was reached. */
function sensorTests(
  { host }: CatalogueEntry,
  { workspaces }: Defender,
  isOpen: (host: string) => boolean,
): ClientTest[] {
  return workspaces
    .map((name) => ({ host: host.replace("{workspace}", name), path: "/tri/sensor/api/ping" }))
    .filter((test) => isOpen(test.host));
}
