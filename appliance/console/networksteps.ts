import { addressText } from "../network/address.ts";
import { type Card, listCards } from "../network/cards.ts";
import { cidrText, lastOf, networkOf, parseCardAddress } from "../network/cidr.ts";
import { hostName, machineAddress, peerAddress, timeServer } from "../settings/fields.ts";
import { gatewayProblem } from "../settings/relations.ts";
import { askText, lookBy, lookByWord, type Step } from "./step.ts";

/** Cards on one page. */
const MOST_SHOWN = 6;

/** One line for each card: what tells it from the others. */
export function cardLine({ name, mac, hasLink, addresses }: Card): string {
  return `${name.padEnd(8)} ${mac}  ${hasLink ? "link up  " : "NO LINK  "} ${addresses.join(", ")}`.trimEnd();
}

export const cardStep: Step = {
  part: "network",
  applies: async (_draft, { system }) => (await listCards(system)).length > 1,
  async ask(draft, { system, asker }) {
    const cards = await listCards(system);
    const known = cards.findIndex(({ mac }) => mac === draft.mac);
    const linked = cards.findIndex(({ hasLink }) => hasLink);
    const answer = await asker.choose({
      title: "Network: which card?",
      lines: ["The proxy listens and goes out through one card. It is known by its MAC address from now on."],
      choices: cards.map((card) => ({ value: card.mac, label: cardLine(card) })),
      initial: Math.max(0, known === -1 ? linked : known),
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    return { way: "next", draft: { ...draft, mac: answer.value } };
  },
};

export const modeStep: Step = {
  part: "network",
  applies: () => true,
  async ask(draft, { system, asker }) {
    const cards = await listCards(system);
    // A machine whose only card was replaced goes on with the new one.
    const mac = cards.length > 1 && cards.some((card) => card.mac === draft.mac) ? draft.mac : undefined;
    const look = async () => {
      const shown = (await listCards(system)).filter((card) => mac === undefined || card.mac === mac);
      return shown.length === 0 ? ["No network card was found."] : shown.slice(0, MOST_SHOWN).map(cardLine);
    };
    const answer = await asker.choose({
      title: "Network: how does this machine get its address?",
      lines: await look(),
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
    return { way: "next", draft: { ...draft, mac, mode: answer.value, dns } };
  },
};

const isStatic: Step["applies"] = ({ mode }) => mode === "static";

export const addressStep: Step = {
  part: "network",
  applies: isStatic,
  ask: (draft, context) =>
    askText(
      draft,
      context,
      {
        title: "Network: address of this machine",
        lines: ["With its prefix or netmask: 10.20.0.5/24, or 10.20.0.5 255.255.255.0"],
        initial: draft.address,
        look: lookBy(machineAddress, networkNote),
      },
      (text) => ({ address: canonical(machineAddress, text) }),
    ),
};

export const gatewayStep: Step = {
  part: "network",
  applies: isStatic,
  ask: (draft, context) =>
    askText(
      draft,
      context,
      {
        title: "Network: gateway",
        lines: [`The router in the network of ${draft.address}.`],
        initial: draft.gateway,
        look: (text) => {
          const parsed = peerAddress(text.trim());
          if (!parsed.ok) return { problem: parsed.problem };
          const problem = gatewayProblem(draft.address, parsed.value);
          return problem === undefined ? {} : { problem };
        },
      },
      (text) => ({ gateway: canonical(peerAddress, text) }),
    ),
};

export const dnsStep: Step = {
  part: "network",
  applies: isStatic,
  ask: (draft, context) =>
    askText(
      draft,
      context,
      {
        title: "Network: DNS servers",
        lines: ["One or more addresses with spaces between. They have to know Microsoft's names."],
        initial: draft.dns,
        look: lookByWord(peerAddress, 1),
      },
      (dns) => ({ dns }),
    ),
};

export const nameStep: Step = {
  part: "name",
  applies: () => true,
  ask: (draft, context) =>
    askText(
      draft,
      context,
      {
        title: "Name: what is this machine called?",
        lines: ["Letters, digits and hyphens, such as proxy-01; a domain may follow."],
        initial: draft.hostname,
        look: lookBy(hostName),
      },
      (text) => ({ hostname: canonical(hostName, text) }),
    ),
};

export const timeStep: Step = {
  part: "time",
  applies: () => true,
  ask: (draft, context) =>
    askText(
      draft,
      context,
      {
        title: "Time: which time servers?",
        lines: ["Names or addresses with spaces between. Empty: what DHCP or the hypervisor gives."],
        initial: draft.timeServers,
        look: lookByWord(timeServer, 0),
      },
      (timeServers) => ({ timeServers }),
    ),
};

function canonical(parse: typeof hostName, text: string): string {
  const parsed = parse(text);
  return parsed.ok ? parsed.value : text;
}

function networkNote(address: string): string {
  const parsed = parseCardAddress(address);
  if (!parsed.ok) return "";
  const network = networkOf(parsed.value);
  return `network ${cidrText(network)}, broadcast ${addressText(lastOf(network))}`;
}
