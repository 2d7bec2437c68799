import { addressText } from "../../network/address.ts";
import { type Card, listCards } from "../../network/cards.ts";
import { cidrText, lastOf, networkOf, parseCardAddress } from "../../network/cidr.ts";
import { machineAddress, peerAddress } from "../../settings/fields.ts";
import { gatewayProblem } from "../../settings/relations.ts";
import type { Seen } from "../asking/asker.ts";
import { askText, canonical, canonicalWords, lookBy, lookByWord, type Step } from "./step.ts";

/** Cards on one page. */
const MOST_SHOWN = 6;

/** One line for each card: what tells it from the others. */
export function cardLine(card: Card): string {
  return `${cardName(card)}  ${cardState(card)}`.trimEnd();
}

function cardName({ name, mac }: Card): string {
  return `${name.padEnd(8)} ${mac}`;
}

function cardState({ hasLink, addresses }: Card): string {
  return `${hasLink ? "link up  " : "NO LINK  "} ${addresses.join(", ")}`.trimEnd();
}

export const cardStep: Step = {
  applies: async (_draft, { system }) => (await listCards(system)).length > 1,
  async ask(draft, { system, asker }) {
    const cards = await listCards(system);
    const known = cards.findIndex(({ mac }) => mac === draft.mac);
    const linked = cards.findIndex(({ hasLink }) => hasLink);
    const lines = [
      "The proxy listens and goes out through one card. It is known by its MAC address from now on.",
    ];
    const choices = (shown: readonly Card[]) =>
      shown.map((card) => ({ value: card.mac, label: cardName(card), hint: cardState(card) }));
    const answer = await asker.choose<string>({
      title: "Network: which card?",
      lines,
      choices: choices(cards),
      look: async () => {
        const now = await listCards(system);
        return {
          lines,
          choices: choices(cards.map((card) => now.find(({ mac }) => mac === card.mac) ?? card)),
        };
      },
      initial: Math.max(0, known === -1 ? linked : known),
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    return { way: "next", draft: { ...draft, mac: answer.value } };
  },
};

export const modeStep: Step = {
  async ask(draft, { system, asker, leaseWait }) {
    const cards = await listCards(system);
    // A machine whose only card was replaced goes on with the new one.
    const mac = cards.length > 1 && cards.some((card) => card.mac === draft.mac) ? draft.mac : undefined;
    const since = performance.now();
    const look = async (): Promise<Seen<"dhcp" | "static">> => {
      const shown = (await listCards(system)).filter((card) => mac === undefined || card.mac === mac);
      const hasAddress = shown.some(({ addresses }) => addresses.length > 0);
      const isLate = !hasAddress && performance.now() - since >= leaseWait;
      const late = `No address came by DHCP within ${leaseWait / 1000} s: this network may want a static one.`;
      return {
        lines: [
          ...(isLate ? [late] : []),
          ...(shown.length === 0 ? ["No network card was found."] : shown.slice(0, MOST_SHOWN).map(cardLine)),
        ],
        ...(draft.mode === "static" ? {} : { prefer: isLate ? 1 : 0 }),
      };
    };
    const answer = await asker.choose({
      title: "Network: how does this machine get its address?",
      lines: (await look()).lines,
      look,
      choices: [
        { value: "dhcp" as const, label: "DHCP", hint: "from the network, by this card's MAC address" },
        { value: "static" as const, label: "Static", hint: "address, gateway and DNS servers are typed" },
      ],
      initial: draft.mode === "static" ? 1 : 0,
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    // DNS servers that were typed for a static address do not outlive it.
    const dns = answer.value === "dhcp" && draft.mode === "static" ? "" : draft.dns;
    // Additional cards are told from the main one by its MAC.
    const kept = draft.additional.length > 0 && mac === undefined ? draft.mac : mac;
    return { way: "next", draft: { ...draft, mac: kept, mode: answer.value, dns } };
  },
};

const isStatic: Step["applies"] = ({ mode }) => mode === "static";

export const addressStep: Step = {
  applies: isStatic,
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Network: address of this machine",
      lines: ["With its prefix or netmask: 10.20.0.5/24, or 10.20.0.5 255.255.255.0"],
      initial: draft.address,
      look: lookBy(machineAddress, networkNote),
      store: (text) => ({ address: canonical(machineAddress, text) }),
    }),
};

export const gatewayStep: Step = {
  applies: isStatic,
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Network: gateway",
      lines: [`The router in the network of ${draft.address}, such as its first address.`],
      initial: draft.gateway,
      look: (text) => {
        const parsed = peerAddress(text.trim());
        if (!parsed.ok) return { problem: parsed.problem };
        const problem = gatewayProblem(draft.address, parsed.value);
        return problem === undefined ? {} : { problem };
      },
      store: (text) => ({ gateway: canonical(peerAddress, text) }),
    }),
};

export const dnsStep: Step = {
  applies: isStatic,
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Network: DNS servers",
      lines: [
        "One or more addresses with spaces between, such as 10.20.0.2. They have to know Microsoft's names.",
      ],
      initial: draft.dns,
      look: lookByWord(peerAddress, 1),
      store: (text) => ({ dns: canonicalWords(peerAddress, text) }),
    }),
};

function networkNote(address: string): string {
  const parsed = parseCardAddress(address);
  if (!parsed.ok) return "";
  const network = networkOf(parsed.value);
  return `network ${cidrText(network)}, broadcast ${addressText(lastOf(network))}`;
}
