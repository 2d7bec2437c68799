import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { cardAddressText, cidrText, contains, networkOf, parseCardAddress } from "./cidr.ts";
import { known } from "./special.ts";

/** A network card as the operator needs it to tell it from the others. */
export interface Card {
  name: string;
  mac: string;
  hasLink: boolean;
  /** IPv4 with prefix, link-local ones left out: `10.0.2.15/24`. */
  addresses: readonly string[];
}

const LINK_LOCAL = known("169.254.0.0/16");

/** The machine's real cards (those with a device behind them), by name. */
export async function listCards(system: System): Promise<Card[]> {
  const names = await readdir(system.paths.cards).catch(() => []);
  const cards = await Promise.all(names.sort().map((name) => readCard(system, name)));
  return cards.filter((card) => card !== undefined);
}

/** Networks of the machine's own IPv4 addresses, canonical, each once. */
export function ownNetworks(system: System): string[] {
  const networks = Object.keys(system.interfaces())
    .sort()
    .flatMap((name) => addressesOf(system, name))
    .map((text) => parseCardAddress(text))
    .flatMap((parsed) => (parsed.ok ? [cidrText(networkOf(parsed.value))] : []));
  return [...new Set(networks)];
}

async function readCard(system: System, name: string): Promise<Card | undefined> {
  const folder = join(system.paths.cards, name);
  const isReal = await stat(join(folder, "device")).then(
    () => true,
    () => false,
  );
  const mac = (await readIfThere(join(folder, "address")).catch(() => undefined))?.trim();
  if (!isReal || mac === undefined || mac === "") return undefined;
  // Reading it fails while the card is switched off.
  const carrier = await readIfThere(join(folder, "carrier")).catch(() => undefined);
  return { name, mac, hasLink: carrier?.trim() === "1", addresses: addressesOf(system, name) };
}

function addressesOf(system: System, name: string): string[] {
  return (system.interfaces()[name] ?? []).flatMap(({ family, internal, cidr }) => {
    if (internal || family !== "IPv4" || cidr === null) return [];
    const parsed = parseCardAddress(cidr);
    if (!parsed.ok || contains(LINK_LOCAL, networkOf(parsed.value))) return [];
    return [cardAddressText(parsed.value)];
  });
}
