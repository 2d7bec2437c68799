import { PosternError } from "../error.ts";
import { type Card, listCards } from "../network/cards.ts";
import type { Network, Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import type { StepReport } from "./steps.ts";

/** How the settings' cards meet the machine's. */
export interface Fit {
  /** MAC of the card that takes the place of `network.mac`, which this machine does not have. */
  adopted?: string;
  /** What the operator should know about it. */
  warnings: readonly StepReport[];
}

/**
 * Fits the settings' cards to this machine. A machine whose only card was replaced, or that was copied, takes
 * the card it has; where there is a choice nobody makes it, because the wrong card would take the machine off
 * the network.
 *
 * @throws PosternError `input.settings` with the cards there are.
 */
export async function fitCards(system: System, { network }: Pick<Settings, "network">): Promise<Fit> {
  const cards = await listCards(system);
  if (cards.length === 0) return { warnings: [] };
  if (network.mac === undefined && network.mode === "static" && differing(cards).length > 1) {
    throw misfit(`network.mac: which card gets ${network.address}? This machine has ${named(cards)}`);
  }
  const missing = network.additional.filter(({ mac }) => !has(cards, mac)).map(missingText);
  if (network.mac === undefined || has(cards, network.mac)) return { warnings: missing };
  const adopted = adoptable(cards, network);
  if (adopted === undefined)
    throw misfit(`network.mac: no card has ${network.mac}; this machine has ${named(cards)}`);
  const found: StepReport = {
    title: "Network card",
    state: "warn",
    detail: `No card has ${network.mac}; the only one, ${adopted.mac} (${adopted.name}), takes its place.`,
    next: `Write network.mac: "${adopted.mac}" into the settings, or run: posternctl setup`,
  };
  return { adopted: adopted.mac, warnings: [found, ...missing] };
}

/** The one card of a machine, unless the settings have given it to another network. */
function adoptable(cards: readonly Card[], { additional }: Network): Card | undefined {
  const [only, ...others] = differing(cards);
  if (only === undefined || others.length > 0) return undefined;
  return additional.some(({ mac }) => mac === only.mac) ? undefined : only;
}

/** Each address once: the two halves of an accelerated card on Hyper-V share theirs. */
function differing(cards: readonly Card[]): Card[] {
  return cards.filter(({ mac }, index) => cards.findIndex((other) => other.mac === mac) === index);
}

function has(cards: readonly Card[], mac: string): boolean {
  return cards.some((card) => card.mac === mac);
}

function missingText({ mac }: { mac: string }): StepReport {
  return {
    title: "Additional network card",
    state: "warn",
    detail: `No card has ${mac}; its network stays unused.`,
    next: "Correct network.additional in the settings, or add the card.",
  };
}

function named(cards: readonly Card[]): string {
  return cards.map(({ name, mac }) => `${mac} (${name})`).join(", ");
}

function misfit(message: string): PosternError {
  const hint = "Correct network.mac in the settings, or run: posternctl setup";
  return new PosternError({ code: "input.settings", message, hint });
}
