import { type CatalogueInUse, catalogueInUse } from "../endpoints/installed.ts";
import { PosternError } from "../error.ts";
import { ownNetworks } from "../network/cards.ts";
import type { Settings } from "../settings/settings.ts";
import { type Accounts, readAccounts } from "../system/accounts.ts";
import type { System } from "../system/system.ts";
import { checkZone } from "../time/zone.ts";
import { type SourceFile, shippedSources } from "../updates/archive.ts";
import { broadNames } from "./broad.ts";
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
  /** The catalogue that the lists are made from; undefined: the image's own. */
  catalogue?: CatalogueInUse;
  /** Who sends packets of the machine's own. */
  accounts: Accounts;
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
 * @param catalogue another one than the machine goes by now.
 * @returns the facts, and what does not fit but is no reason to stop.
 * @throws PosternError `input.settings` where the settings do not fit it.
 */
export async function readFacts(
  system: System,
  settings: Settings,
  catalogue?: CatalogueInUse,
): Promise<{ facts: Required<Pick<Facts, "catalogue">> & Facts; warnings: readonly StepReport[] }> {
  const { adopted, warnings } = await fitCards(system, settings);
  await checkZone(system, settings.time.zone);
  const sources = await shippedSources(system);
  const inUse = catalogue ?? (await catalogueInUse(system.paths));
  const facts = {
    catalogue: inUse,
    vcpus: system.vcpus(),
    ownNetworks: ownNetworks(system),
    shippedSources: sources,
    accounts: await readAccounts(system.paths),
    ...(adopted === undefined ? {} : { adopted }),
  };
  const { mirror } = settings.updates;
  const noLists = mirror === undefined || sources.length > 0 ? [] : [NO_LISTS];
  return {
    facts,
    warnings: [...warnings, ...noLists, ...aboutNames(settings, inUse, catalogue !== undefined)],
  };
}

/** What there is to say of the catalogue and of the broad names. */
function aboutNames({ defender }: Settings, inUse: CatalogueInUse, isNew: boolean): StepReport[] {
  const { catalogue, problem } = inUse;
  const { unknown, known, warnings } = broadNames(defender, catalogue);
  const [name] = unknown;
  if (name !== undefined && !isNew) {
    throw new PosternError({
      code: "input.settings",
      message: `defender.broad: the catalogue of ${catalogue.version} has no broad name ${name}; it has ${known.join(", ")}`,
      hint: "Take it out, or name it as an extra destination: defender.extra",
    });
  }
  return [
    ...(problem === undefined ? [] : [{ title: "Catalogue", state: "warn" as const, detail: problem }]),
    ...unknown.map((gone) => ({
      title: `Broad name ${gone}`,
      state: "warn" as const,
      detail: `The catalogue of ${catalogue.version} has it no longer: it is closed.`,
      next: "Take it out of defender.broad.",
    })),
    ...warnings,
  ];
}
