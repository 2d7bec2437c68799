import type { Defender } from "../settings/settings.ts";
import { builtInCatalogue, type Catalogue } from "./catalogue.ts";
import { covers } from "./prune.ts";
import { selectEndpoints } from "./select.ts";
import { obstaclesOf } from "./verdict.ts";

/** A name that the settings open, as Squid has it. */
export interface OpenedName {
  /** `a.example`, or `.a.example` for it and every name below. */
  name: string;
  ports: number[];
  /** Titles of the services that need it, and labels of extra destinations. */
  services: string[];
  /** What in the settings asks for it: `mde`, `always`, `workspace contoso`, `extra`, `broad`. */
  why: string[];
  /** What a name that other tenants control opens, in words. */
  opens?: string;
}

/** Every name that is open, sorted by what asks for it and then by name. */
export function openedNames(choice: Defender, catalogue: Catalogue = builtInCatalogue()): OpenedName[] {
  const { tls, patterns, web } = selectEndpoints(choice, catalogue);
  const names = [...new Set([...tls, ...patterns, ...web, ...choice.extra.map(({ host }) => host)])];
  const reasons = reasonsOf(choice, catalogue);
  const rows = names.map((name): OpenedName => {
    const mine = reasons.filter(({ host }) => host === name || covers([name], host.replace(/^\./, "")));
    const ports = mine.flatMap((reason) => reason.ports);
    return {
      name,
      ports: [...new Set(ports)].sort((one, other) => one - other),
      services: [...new Set(mine.map(({ title }) => title))],
      why: [...new Set(mine.flatMap(({ why }) => why))],
      ...opensOf(name, catalogue),
    };
  });
  const rank = ({ why }: OpenedName): string => why.join(" ").replace(/^always/, "~");
  return rows.toSorted(
    (one, other) => rank(one).localeCompare(rank(other)) || one.name.localeCompare(other.name),
  );
}

/** Also where an extra destination names it: it opens the same then. */
function opensOf(name: string, { entries }: Catalogue): Pick<OpenedName, "opens"> {
  const opens = entries.find(({ host }) => host === name)?.opens;
  return opens === undefined ? {} : { opens };
}

interface Reason {
  host: string;
  ports: readonly number[];
  title: string;
  why: string[];
}

function reasonsOf(choice: Defender, catalogue: Catalogue): Reason[] {
  const services = new Map(catalogue.services.map((service) => [service.id, service]));
  const fromCatalogue = catalogue.entries
    .filter((entry) => obstaclesOf(entry, choice, catalogue).length === 0)
    .flatMap(({ host, ports, service, breadth }): Reason[] => {
      const { title = service, choices = [] } = services.get(service) ?? {};
      const asked = choices.filter((name) => name === "always" || choice.services.includes(name));
      const why = breadth === "broad" ? [...asked, "broad"] : asked;
      if (!host.includes("{workspace}")) return [{ host, ports, title, why }];
      return choice.workspaces.map((name) => ({
        host: host.replace("{workspace}", name),
        ports,
        title,
        why: [`workspace ${name}`],
      }));
    });
  const fromSettings = choice.extra.map(({ host, ports, label }) => ({
    host,
    ports,
    title: label ?? "extra destination",
    why: ["extra"],
  }));
  return [...fromCatalogue, ...fromSettings];
}
