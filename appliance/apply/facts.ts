import { ownNetworks } from "../network/cards.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import { checkZone } from "../time/zone.ts";
import { type SourceFile, shippedSources } from "../updates/archive.ts";
import { fitCards } from "./fit.ts";
import type { StepReport } from "./steps.ts";

/** What the machine is, beside what it is told. */
export interface Facts {
  vcpus: number;
  /** Networks of the machine's IPv4 addresses now, canonical. */
  ownNetworks: readonly string[];
  /** MAC of the card that takes the place of one that the settings name and the machine does not have. */
  adopted?: string;
  /** apt's lists as the image came with them. */
  shippedSources: readonly SourceFile[];
}

const NO_LISTS: StepReport = {
  title: "Updates",
  state: "warn",
  detail: "This machine does not know what its archive is made of, so updates.mirror is not used.",
  next: "Machines made from the current image know it.",
};

/**
 * Looks at the machine that the settings are for.
 *
 * @returns the facts, and what does not fit but is no reason to stop.
 * @throws PosternError `input.settings` where the settings do not fit it.
 */
export async function readFacts(
  system: System,
  settings: Settings,
): Promise<{ facts: Facts; warnings: readonly StepReport[] }> {
  const { adopted, warnings } = await fitCards(system, settings);
  await checkZone(system, settings.time.zone);
  const sources = await shippedSources(system);
  const facts = {
    vcpus: system.vcpus(),
    ownNetworks: ownNetworks(system),
    shippedSources: sources,
    ...(adopted === undefined ? {} : { adopted }),
  };
  const { mirror } = settings.updates;
  const noLists = mirror === undefined || sources.length > 0 ? [] : [NO_LISTS];
  return { facts, warnings: [...warnings, ...noLists] };
}
