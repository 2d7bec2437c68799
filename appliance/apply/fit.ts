import { PosternError } from "../error.ts";
import { listCards } from "../network/cards.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";

/**
 * Checks that the settings fit this machine: a card that is not there, or a choice that was not made, would
 * take it off the network.
 *
 * @throws PosternError `input.settings` with the cards there are.
 */
export async function checkCards(system: System, { network }: Settings): Promise<void> {
  const cards = await listCards(system);
  const names = cards.map(({ name, mac }) => `${mac} (${name})`).join(", ");
  const hint = "Correct network.mac in the settings, or run: posternctl setup";
  if (network.mac !== undefined && cards.length > 0 && !cards.some(({ mac }) => mac === network.mac)) {
    const message = `network.mac: no card has ${network.mac}; this machine has ${names}`;
    throw new PosternError({ code: "input.settings", message, hint });
  }
  if (network.mac === undefined && network.mode === "static" && cards.length > 1) {
    const message = `network.mac: which card gets ${network.address}? This machine has ${names}`;
    throw new PosternError({ code: "input.settings", message, hint });
  }
}
