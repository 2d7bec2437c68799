import type { Defender } from "../settings/settings.ts";
import type { Catalogue, CatalogueEntry } from "./catalogue.ts";

/** Why an entry of the catalogue is not opened by a choice, and what in the settings would open it. */
export interface Obstacle {
  why: string;
  /** `defender.connectivity: standard`; undefined: nothing opens it, or only an extra destination. */
  setting?: string;
}

/**
 * Everything that keeps an entry closed; none: the choice opens it. The same rules as `selectEndpoints`, told
 * one by one.
 */
export function obstaclesOf(entry: CatalogueEntry, choice: Defender, catalogue: Catalogue): Obstacle[] {
  return [
    ...placeObstacles(entry, choice),
    ...serviceObstacles(entry, choice, catalogue),
    ...formObstacles(entry, choice, catalogue),
  ];
}

function placeObstacles({ clouds, connectivity, regions }: CatalogueEntry, choice: Defender): Obstacle[] {
  const obstacles: Obstacle[] = [];
  const isCloud = clouds.includes(choice.cloud);
  if (!isCloud)
    obstacles.push({
      why: `it is of the cloud ${clouds.join(", ")}; the settings say ${choice.cloud}`,
      setting: `defender.cloud: ${clouds[0]}`,
    });
  if (!connectivity.includes(choice.connectivity))
    obstacles.push({
      why: `it is for connectivity ${connectivity.join(", ")}; the settings say ${choice.connectivity}`,
      setting: `defender.connectivity: ${connectivity[0]}`,
    });
  const isNear = regions.some((region) => region === "all" || choice.regions.includes(region));
  if (isCloud && choice.cloud === "commercial" && choice.regions.length > 0 && !isNear)
    obstacles.push({
      why: `it is of the region ${regions.join(", ")}; the settings say ${choice.regions.join(", ")}`,
      setting: `defender.regions: [${[...choice.regions, regions[0]].join(", ")}]`,
    });
  return obstacles;
}

function serviceObstacles({ service }: CatalogueEntry, choice: Defender, catalogue: Catalogue): Obstacle[] {
  const choices = catalogue.services.find(({ id }) => id === service)?.choices ?? [];
  if (choices.some((name) => name === "always" || choice.services.includes(name))) return [];
  const why = `it belongs to ${choices.join(" or ")}, which is not among the services`;
  return [{ why, setting: `defender.services: [${[...choice.services, choices[0]].join(", ")}]` }];
}

function formObstacles(entry: CatalogueEntry, choice: Defender, catalogue: Catalogue): Obstacle[] {
  const { host, breadth, opens, noProxy, narrower = [], service } = entry;
  if (breadth === "broad") {
    if (choice.broad.includes(host)) return [];
    const setting = `defender.broad: [${[...choice.broad, host].join(", ")}]`;
    return [{ why: `it opens ${opens}, so a service alone does not open it`, setting }];
  }
  if (noProxy === true) return [{ why: "Microsoft says that it cannot go through a proxy" }];
  if (host.includes("{workspace}") && choice.workspaces.length === 0)
    return [{ why: "no workspace is named", setting: "defender.workspaces: [NAME]" }];
  const isCoveredByOthers = catalogue.entries.some(
    (other) =>
      other.service === service &&
      other.breadth !== "broad" &&
      narrower.includes(other.host) &&
      placeObstacles(other, choice).length === 0,
  );
  if (choice.form === "wildcard" || !isCoveredByOthers) return [];
  return [{ why: "its documented exact names are opened instead", setting: "defender.form: wildcard" }];
}
