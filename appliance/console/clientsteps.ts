import { ownNetworks } from "../network/cards.ts";
import { addressCount, cidrText, networkOf, parseCardAddress, parseCidr } from "../network/cidr.ts";
import { PRIVATE_NETWORKS } from "../network/special.ts";
import { openTo, label as parseLabel } from "../settings/fields.ts";
import { overlapProblem } from "../settings/relations.ts";
import type { Client } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import type { Look } from "./asker.ts";
import type { Draft } from "./draft.ts";
import type { Step } from "./step.ts";

/** What one typed line means for the list of clients. */
type Change = { clients: readonly Client[]; note: string } | { problem: string };

const MOST_SHOWN = 8;

export const clientStep: Step = {
  part: "clients",
  applies: () => true,
  async ask(draft, { system, asker }) {
    let clients = draft.clients;
    let typed = "";
    for (;;) {
      // An address may come by DHCP while the question stands.
      const own = () => knownNetworks(draft, system);
      const shown = clients;
      const answer = await asker.text({
        title:
          clients.length === 0
            ? "Clients: which networks may use the proxy?"
            : "Clients: another network, or Enter to go on",
        lines: () => [...explanation(own()), ...listed(shown)],
        initial: typed,
        look: (text) => lookAt(text, shown, own()),
      });
      if (answer.kind === "gone") return { way: "gone", draft };
      if (answer.kind === "back") return { way: "back", draft: { ...draft, clients } };
      const line = answer.value.trim();
      if (line === "") return { way: "next", draft: { ...draft, clients } };
      const change = changeBy(line, clients, own());
      typed = "problem" in change ? line : "";
      if ("clients" in change) clients = change.clients;
    }
  },
};

/** Networks the machine stands in: by its static address, else by the addresses it has now. */
export function knownNetworks(draft: Draft, system: System): string[] {
  if (draft.mode === "dhcp") return ownNetworks(system);
  const own = parseCardAddress(draft.address);
  return own.ok ? [cidrText(networkOf(own.value))] : [];
}

/** What a line would do: `10.20.0.0/16 servers`, `own`, `private`, `-1`. */
export function changeBy(line: string, clients: readonly Client[], own: readonly string[]): Change {
  const removal = /^-(\d+)$/.exec(line)?.[1];
  if (removal !== undefined) {
    const removed = clients[Number(removal) - 1];
    if (removed === undefined) return { problem: `-1 to -${clients.length}` };
    return { clients: clients.filter((client) => client !== removed), note: `takes out ${removed.cidr}` };
  }
  if (line === "own" && own.length === 0) return { problem: "a network: this machine has no address yet" };
  if (line === "own")
    return added(
      own.map((cidr) => ({ cidr, label: "own network" })),
      clients,
    );
  if (line === "private")
    return added(
      PRIVATE_NETWORKS.map((cidr) => ({ cidr, label: "private" })),
      clients,
    );
  const client = clientOf(line);
  return typeof client === "string" ? { problem: client } : added([client], clients);
}

function clientOf(line: string): Client | string {
  const [first = "", second = "", ...rest] = line.split(/\s+/);
  // A netmask may stand where the label would.
  const hasMask = !first.includes("/") && /^\d+\.\d+\.\d+\.\d+$/.test(second);
  const cidr = openTo(hasMask ? `${first} ${second}` : first);
  if (!cidr.ok) return cidr.problem;
  const name = (hasMask ? rest : [second, ...rest]).join(" ").trim();
  if (name === "") return { cidr: cidr.value };
  const label = parseLabel(name);
  return label.ok ? { cidr: cidr.value, label: label.value } : `a label of ${label.problem}`;
}

function added(more: readonly Client[], clients: readonly Client[]): Change {
  const all = [...clients, ...more];
  const problem = overlapProblem(all);
  if (problem !== undefined) return { problem };
  return { clients: all, note: more.map(({ cidr }) => `${cidr}: ${countText(cidr)}`).join(", ") };
}

function lookAt(text: string, clients: readonly Client[], own: readonly string[]): Look {
  const line = text.trim();
  if (line === "")
    return clients.length === 0 ? { problem: "at least one network: without it nobody is served" } : {};
  const change = changeBy(line, clients, own);
  return "problem" in change ? { problem: change.problem } : { note: change.note };
}

function explanation(own: readonly string[]): string[] {
  return [
    "One network a line, with a label if you like: 10.20.0.0/16 servers",
    `own      this machine's own network${own.length === 0 ? " (it has no address yet)" : `: ${own.join(", ")}`}`,
    `private  all private networks: ${PRIVATE_NETWORKS.join(", ")}`,
  ];
}

function listed(clients: readonly Client[]): string[] {
  if (clients.length === 0) return [];
  const rows = clients.map(({ cidr, label = "" }, index) =>
    `${index + 1}. ${cidr.padEnd(20)} ${label}`.trimEnd(),
  );
  const hidden = rows.length - MOST_SHOWN;
  return [
    "",
    "May use the proxy (-1 takes out the first):",
    ...rows.slice(0, MOST_SHOWN),
    ...(hidden > 0 ? [`   and ${hidden} more`] : []),
  ];
}

function countText(cidr: string): string {
  const parsed = parseCidr(cidr);
  if (!parsed.ok) return "";
  const count = addressCount(parsed.value);
  if (parsed.value.family === 6) return "an IPv6 network";
  return count === 1n ? "1 address" : `${count} addresses`;
}
