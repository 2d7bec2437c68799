import type { Catalogue } from "../../endpoints/catalogue.ts";
import type { Cloud, Connectivity, Service } from "../../settings/settings.ts";

/** Parts of a service that are named. */
const MOST_TITLES = 4;

/** Services that are more than one entry of the catalogue. */
const SERVICE_NAMES: Partial<Readonly<Record<Service, string>>> = {
  mde: "Defender for Endpoint",
  "mde-exact": "Defender for Endpoint without its wildcard",
};

/** A service in words, and what it opens. */
export function serviceWords(
  service: Service,
  cloud: Cloud,
  connectivity: Connectivity,
  catalogue: Catalogue,
): { label: string; hint: string } {
  const parts = catalogue.services.filter(({ choices }) => choices.some((choice) => choice === service));
  const titles = parts.map(({ title }) => title);
  const ids = parts.map(({ id }) => id);
  const names = catalogue.entries.filter(
    (entry) =>
      ids.includes(entry.service) &&
      entry.clouds.includes(cloud) &&
      entry.connectivity.includes(connectivity),
  ).length;
  const count = names === 1 ? "1 name" : `${names} names`;
  const label = SERVICE_NAMES[service] ?? titles.join(", ");
  if (titles.length === 1) return { label, hint: count };
  const more = titles.length > MOST_TITLES ? [`${titles.length - MOST_TITLES} more`] : [];
  return { label, hint: `${count}: ${[...titles.slice(0, MOST_TITLES), ...more].join("; ")}` };
}
