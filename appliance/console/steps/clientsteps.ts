import { ownNetworks } from "../../network/cards.ts";
import {
  addressCount,
  cidrText,
  contains,
  networkOf,
  parseCardAddress,
  parseCidr,
} from "../../network/cidr.ts";
import { known, PRIVATE_NETWORKS } from "../../network/special.ts";
import { openTo, label as parseLabel } from "../../settings/fields.ts";
import { overlapProblem } from "../../settings/relations.ts";
import type { Client } from "../../settings/settings.ts";
import type { System } from "../../system/system.ts";
import type { Choice } from "../asking/asker.ts";
import type { Draft } from "../draft.ts";
import { askList } from "./liststep.ts";
import type { Step, StepContext, StepResult } from "./step.ts";

const TITLE = "Clients: which networks may use the proxy?";
const ANOTHER = "Clients: another network, or Enter to go on";
const BY_HAND = "Clients: a network";

type Way = "own" | "private" | "typed";

/** First the two answers that need no typing, then the list, where every network can be changed. */
export const clientStep: Step = {
  async ask(first, context) {
    let draft = first;
    for (;;) {
      const chosen = await askWay(draft, context);
      if (chosen.way !== "next") return chosen;
      const result = await askNetworks(chosen.draft, context);
      if (result.way !== "back") return result;
      draft = result.draft;
    }
  },
};

async function askWay(draft: Draft, { system, asker }: StepContext): Promise<StepResult> {
  const own = () => knownNetworks(draft, system);
  let problem: string[] = [];
  for (;;) {
    const lines = [...problem, "They may use it, all others are turned away. A number takes its line."];
    const answer = await asker.choose<Way>({
      title: TITLE,
      lines,
      // An address may come by DHCP while the question stands.
      look: async () => ({ lines, choices: choices(draft, own()) }),
      choices: choices(draft, own()),
      initial: draft.clients.length === 0 ? 0 : 2,
      isOneKey: true,
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    const networks = own();
    problem = ["This machine has no address yet: take another line, or wait until it has one.", ""];
    if (answer.value === "own" && networks.length === 0) continue;
    return { way: "next", draft: { ...draft, clients: withChosen(answer.value, draft.clients, networks) } };
  }
}

function choices({ clients }: Draft, own: readonly string[]): Choice<Way>[] {
  const count = clients.length === 1 ? "1 network" : `${clients.length} networks`;
  return [
    {
      value: "own",
      label: "This machine's network",
      hint: own.length === 0 ? "it has no address yet" : counted(own),
    },
    {
      value: "private",
      label: "All private networks",
      hint: `10/8 172.16/12 192.168/16 (${countOf(PRIVATE_NETWORKS)} addresses)`,
    },
    clients.length === 0
      ? { value: "typed", label: "Networks typed by hand", hint: "such as 10.20.0.0/16 servers" }
      : { value: "typed", label: `The list as it is: ${count}`, hint: "shows it; it can be changed" },
  ];
}

/** Adds what was chosen; a wider network takes the place of those inside it. */
function withChosen(way: Way, clients: readonly Client[], own: readonly string[]): readonly Client[] {
  if (way === "typed") return clients;
  const more: Client[] =
    way === "own"
      ? own.map((cidr) => ({ cidr, label: "own network" }))
      : PRIVATE_NETWORKS.map((cidr) => ({ cidr, label: "private" }));
  const news = more.filter(({ cidr }) => !clients.some((client) => isInside(client.cidr, cidr)));
  return [...clients.filter((client) => !news.some(({ cidr }) => isInside(cidr, client.cidr))), ...news];
}

function isInside(outer: string, inner: string): boolean {
  return contains(known(outer), known(inner));
}

async function askNetworks(draft: Draft, { system, asker }: StepContext): Promise<StepResult> {
  const { [BY_HAND]: typed = "", ...unfinished } = draft.unfinished;
  const own = () => knownNetworks(draft, system);
  const answer = await askList<Client>(asker, {
    titles: [BY_HAND, ANOTHER],
    lines: () => [
      "One network a line, with a label if you like: 10.20.0.0/16 servers",
      `own      this machine's own network: ${own().join(", ") || "it has no address yet"}`,
      "private  all private networks",
    ],
    items: draft.clients,
    typed,
    needed: "at least one network: without it nobody is served",
    heading: "May use the proxy",
    read: (line) => readClients(line, own()),
    check: overlapProblem,
    show: ({ cidr, label = "" }) => `${cidr.padEnd(18)} ${countText(cidr)}  ${label}`.trimEnd(),
    note: (added) => added.map(({ cidr }) => `${cidr}: ${countText(cidr)}`).join(", "),
  });
  const { way, items: clients } = answer;
  const kept = answer.typed === "" ? unfinished : { ...unfinished, [BY_HAND]: answer.typed };
  return { way, draft: { ...draft, clients, unfinished: kept } };
}

/** Networks the machine stands in: by its static address, else by the addresses it has now. */
export function knownNetworks(draft: Draft, system: System): string[] {
  if (draft.mode === "dhcp") return ownNetworks(system);
  const own = parseCardAddress(draft.address);
  return own.ok ? [cidrText(networkOf(own.value))] : [];
}

/** The networks of a line: `10.20.0.0/16 servers`, `own`, `private`. */
function readClients(line: string, own: readonly string[]): readonly Client[] | { problem: string } {
  if (line === "own" && own.length === 0) return { problem: "a network: this machine has no address yet" };
  if (line === "own" || line === "private") return withChosen(line, [], own);
  const [first = "", second = "", ...rest] = line.split(/\s+/);
  // A netmask may stand where the label would.
  const hasMask = !first.includes("/") && /^\d+\.\d+\.\d+\.\d+$/.test(second);
  const cidr = openTo(hasMask ? `${first} ${second}` : first);
  if (!cidr.ok) return { problem: cidr.problem };
  const name = (hasMask ? rest : [second, ...rest]).join(" ").trim();
  if (name === "") return [{ cidr: cidr.value }];
  const label = parseLabel(name);
  return label.ok ? [{ cidr: cidr.value, label: label.value }] : { problem: `a label of ${label.problem}` };
}

function counted(cidrs: readonly string[]): string {
  return `${cidrs.join(", ")} (${countOf(cidrs)} addresses)`;
}

function countOf(cidrs: readonly string[]): string {
  return thousands(cidrs.reduce((sum, cidr) => sum + addressCount(known(cidr)), 0n));
}

function countText(cidr: string): string {
  const parsed = parseCidr(cidr);
  if (!parsed.ok) return "";
  if (parsed.value.family === 6) return "an IPv6 network";
  const count = addressCount(parsed.value);
  return count === 1n ? "1 address" : `${thousands(count)} addresses`;
}

function thousands(count: bigint): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
