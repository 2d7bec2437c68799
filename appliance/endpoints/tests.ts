import type { Defender } from "../settings/settings.ts";
import { builtInCatalogue, type Catalogue, type CatalogueEntry, type CatalogueService } from "./catalogue.ts";
import { covers } from "./prune.ts";
import { selectEndpoints } from "./select.ts";

/** One request that shows whether a service is reached. */
export interface HostTest {
  /** What the status screen calls it: `mde`, `mdi contoso`, `crl`. */
  group: string;
  host: string;
  port: 80 | 443;
  path: string;
  method: "GET" | "HEAD";
  /** Statuses that mean it is reached, the usual one first; empty: any answer does. */
  accept: readonly number[];
}

/** A workspace's sensor address answers 503 where the workspace is an old one, which is reached all the same. */
const MDI_ACCEPT = [200, 503];

/**
 * The tests of what a choice opens: those of the catalogue whose host is let through. A group whose hosts have
 * no documented test is asked for its first page, where any answer does.
 */
export function hostTests(choice: Defender, catalogue: Catalogue = builtInCatalogue()): HostTest[] {
  const open = openEntries(choice, catalogue);
  const tests = open.flatMap(({ entry, group, host }) => {
    const port = entry.ports.includes(443) ? 443 : 80;
    return (entry.tests ?? []).map(({ path, method, expect }): HostTest => {
      const accept = group.startsWith("mdi ") && expect === 200 ? MDI_ACCEPT : [expect];
      return { group, host, port, path, method, accept };
    });
  });
  const tested = new Set(tests.map(({ group }) => group));
  const rest = open
    .filter(({ group }) => !tested.has(group))
    .map(({ entry, group, host }): HostTest => {
      const port = entry.ports.includes(443) ? 443 : 80;
      return { group, host, port, path: "/", method: "HEAD", accept: [] };
    });
  return byGroup([...tests, ...rest]);
}

interface Open {
  entry: CatalogueEntry;
  group: string;
  /** A name of one host, with the workspace in it. */
  host: string;
}

/** Entries for one host each that the choice lets through. */
function openEntries(choice: Defender, catalogue: Catalogue): Open[] {
  const { tls, web } = selectEndpoints(choice, catalogue);
  const services = new Map(catalogue.services.map((service) => [service.id, service]));
  return catalogue.entries.flatMap((entry) => {
    const service = services.get(entry.service);
    if (service === undefined || !isMeant(entry, choice) || entry.host.startsWith(".")) return [];
    return hostsOf(entry, choice).flatMap(({ host, workspace }) => {
      const isOpen = entry.ports.some((port) => covers(port === 443 ? tls : web, host));
      const group = groupOf(service, choice, workspace);
      return isOpen && group !== undefined ? [{ entry, group, host }] : [];
    });
  });
}

/** A wildcard may let through names of other clouds and regions too; a test of them would say nothing. */
function isMeant({ clouds, connectivity, regions, noProxy }: CatalogueEntry, choice: Defender): boolean {
  const isNear =
    choice.cloud !== "commercial" ||
    choice.regions.length === 0 ||
    regions.some((region) => region === "all" || choice.regions.includes(region));
  return (
    isNear && noProxy !== true && clouds.includes(choice.cloud) && connectivity.includes(choice.connectivity)
  );
}

function hostsOf({ host }: CatalogueEntry, { workspaces }: Defender): { host: string; workspace?: string }[] {
  if (host.includes("*")) return [];
  if (!host.includes("{workspace}")) return [{ host }];
  return workspaces.map((workspace) => ({ host: host.replace("{workspace}", workspace), workspace }));
}

/** Exact names of Defender for Endpoint stand for it also where its wildcard is what lets them through. */
function groupOf(
  { choices }: CatalogueService,
  { services }: Defender,
  workspace: string | undefined,
): string | undefined {
  if (choices.includes("always")) return "crl";
  if (workspace !== undefined) return `mdi ${workspace}`;
  const isMde = choices.includes("mde") || choices.includes("mde-exact");
  if (isMde) return services.includes("mde") || services.includes("mde-exact") ? "mde" : undefined;
  return choices.find((name) => name !== "always" && services.includes(name));
}

const FIRST = ["mde", "mdi", "crl"];

/** Defender for Endpoint, Identity, certificate lists, then the rest; within a group as in the catalogue. */
function byGroup(tests: readonly HostTest[]): HostTest[] {
  const rank = ({ group }: HostTest): number => {
    const index = FIRST.indexOf(group.split(" ")[0] ?? "");
    return index === -1 ? FIRST.length : index;
  };
  return tests.toSorted((one, other) => rank(one) - rank(other));
}
