import { label as parseLabel } from "../../settings/fields.ts";
import { destinationName } from "../../settings/placefields.ts";
import { uniqueProblem } from "../../settings/relations.ts";
import type { ExtraDestination } from "../../settings/settings.ts";
import { askList } from "./liststep.ts";
import { askChoice, type Step } from "./step.ts";

export const formStep: Step = {
  ask: (draft, context) =>
    askChoice(
      draft,
      context,
      {
        title: "Defender: exact names or wildcards?",
        lines: ["Where Microsoft documents both: each name by itself, or everything below a domain."],
        choices: [
          {
            value: "exact" as const,
            label: "Exact",
            hint: "the narrowest; a new list may be needed when Microsoft adds names",
          },
          {
            value: "wildcard" as const,
            label: "Wildcard",
            hint: "wider; new names below the domain work at once",
          },
        ],
        initial: draft.defender.form === "wildcard" ? 1 : 0,
      },
      (form) => ({ defender: { ...draft.defender, form } }),
    ),
};

export const extraStep: Step = {
  async ask(draft, { asker }) {
    const answer = await askList<ExtraDestination>(asker, {
      titles: ["Defender: extra destinations", "Defender: another destination, or Enter to go on"],
      lines: () => [
        "A name, its ports and a label: agent.example.com 443 backup agent",
        "Without a port 443; 80 is for GET and HEAD. .example.com is it and every name below.",
        "Every name here is one more way out: keep the list short.",
      ],
      items: draft.defender.extra,
      heading: "Open beside the catalogue",
      read: readDestination,
      check: (all) => uniqueProblem(all.map(({ host }) => host)),
      show: ({ host, ports, label = "" }) => `${host} ${ports.join(" ")} ${label}`.trimEnd(),
    });
    return { way: answer.way, draft: { ...draft, defender: { ...draft.defender, extra: answer.items } } };
  },
};

function readDestination(line: string): readonly ExtraDestination[] | { problem: string } {
  const [name = "", ...rest] = line.split(/[\s]+/);
  const host = destinationName(name);
  if (!host.ok) return { problem: host.problem };
  const split = rest.findIndex((word) => !/^\d+,?$/.test(word));
  const numbers = (split === -1 ? rest : rest.slice(0, split)).map((word) => Number.parseInt(word, 10));
  if (numbers.some((port) => port < 1 || port > 65535)) return { problem: "ports from 1 to 65535" };
  const ports = numbers.length === 0 ? [443] : numbers;
  const twice = uniqueProblem(ports.map(String));
  if (twice !== undefined) return { problem: twice };
  const words = split === -1 ? "" : rest.slice(split).join(" ");
  if (words === "") return [{ host: host.value, ports }];
  const label = parseLabel(words);
  return label.ok
    ? [{ host: host.value, ports, label: label.value }]
    : { problem: `a label of ${label.problem}` };
}
