import { type Card, listCards } from "../../network/cards.ts";
import type { AdditionalCard, Network } from "../../settings/settings.ts";
import type { System } from "../../system/system.ts";

/** A place that the settings have for a card, and the card that is there. */
export interface Seat {
  isMain: boolean;
  /** The card that the settings name; undefined: whichever there is. */
  mac: string | undefined;
  /** Undefined where no card has that MAC, or there is none at all. */
  card: Card | undefined;
  /** IPv4 with its prefix; undefined: DHCP gives it. */
  address: string | undefined;
  /** The same of IPv6, where it is static. */
  address6: string | undefined;
}

/** An address with its prefix, and the interface that carries it: the card, or its VLAN. */
export interface Carried {
  name: string;
  cidr: string;
}

/** The seats of the settings, the main one first; of an unconfigured machine the one that is in use. */
export async function seatsOf(system: System, network: Network | undefined): Promise<Seat[]> {
  const cards = await listCards(system);
  const byMac = (mac: string) => cards.find((card) => card.mac.toLowerCase() === mac.toLowerCase());
  const additional = network?.additional ?? [];
  const taken = new Set(additional.map(({ mac }) => byMac(mac)));
  const free = cards.filter((card) => !taken.has(card));
  const likely = free.find(({ addresses }) => addresses.length > 0) ?? free.find(({ hasLink }) => hasLink);
  const main: Seat = {
    isMain: true,
    mac: network?.mac,
    card: network?.mac === undefined ? (likely ?? free[0]) : byMac(network.mac),
    address: network?.mode === "static" ? network.address : undefined,
    address6: network?.ipv6.mode === "static" ? network.ipv6.address : undefined,
  };
  return [main, ...additional.map((one) => additionalSeat(one, byMac(one.mac)))];
}

function additionalSeat({ mac, address }: AdditionalCard, card: Card | undefined): Seat {
  return { isMain: false, mac, card, address, address6: undefined };
}

/** Addresses of a card and of the VLANs on it, which have its MAC; link-local ones are left out. */
export function carriedBy(system: System, card: Card, family: "IPv4" | "IPv6" = "IPv4"): Carried[] {
  return Object.entries(system.interfaces()).flatMap(([name, infos = []]) =>
    infos.flatMap((info) => {
      const isHere = name === card.name || info.mac.toLowerCase() === card.mac.toLowerCase();
      const isLocal = info.internal || /^(169\.254\.|fe[89ab])/i.test(info.address);
      return isHere && !isLocal && info.family === family && info.cidr !== null
        ? [{ name, cidr: info.cidr }]
        : [];
    }),
  );
}
