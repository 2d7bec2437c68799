import { listCards } from "../network/cards.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";

/** The IPv4 address at which clients reach this machine now: the main card's. */
export async function ownAddress(
  system: System,
  settings: Settings | undefined,
): Promise<string | undefined> {
  const cards = await listCards(system);
  const named = settings?.network.mac;
  const main = named === undefined ? undefined : cards.find(({ mac }) => mac === named);
  const [card = undefined] =
    main === undefined ? cards.filter(({ addresses }) => addresses.length > 0) : [main];
  const present = card?.addresses.map(bare) ?? [];
  const meant = settings?.network.mode === "static" ? bare(settings.network.address) : undefined;
  return meant !== undefined && present.includes(meant) ? meant : (present[0] ?? meant);
}

function bare(address: string): string {
  return address.replace(/\/.*$/, "");
}
