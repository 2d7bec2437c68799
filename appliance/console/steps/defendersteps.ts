import { workspace } from "../../settings/fields.ts";
import { servicesProblem } from "../../settings/relations.ts";
import { CLOUDS, CONNECTIVITIES, type Connectivity, REGIONS, SERVICES } from "../../settings/settings.ts";
import { type Draft, words } from "../draft.ts";
import { CLOUD_NAMES, REGION_NAMES } from "./defenderwords.ts";
import { askChoice, askText, canonicalWords, lookByWord, type Step } from "./step.ts";

export const cloudStep: Step = {
  ask: (draft, context) =>
    askChoice(
      draft,
      context,
      {
        title: "Defender: which cloud?",
        lines: ["Where your tenant is. Only the names of that cloud are let through."],
        choices: CLOUDS.map((cloud) => ({
          value: cloud,
          label: CLOUD_NAMES[cloud],
          ...(cloud === "commercial" ? { hint: "right for nearly everybody" } : {}),
        })),
        initial: CLOUDS.indexOf(draft.defender.cloud),
      },
      (cloud) => ({ defender: { ...draft.defender, cloud } }),
    ),
};

export const servicesStep: Step = {
  async ask(draft, { asker, system }) {
    // The catalogue is large: it is loaded when it is needed.
    const [{ serviceWords }, { catalogueInUse }] = await Promise.all([
      import("./servicewords.ts"),
      import("../../endpoints/installed.ts"),
    ]);
    const { catalogue } = await catalogueInUse(system.paths);
    const { cloud, connectivity, services, extra } = draft.defender;
    const answer = await asker.pick({
      title: "Defender: which services?",
      lines: ["What clients may reach. Endpoint and Identity are marked, which is right for most."],
      choices: SERVICES.map((service) => ({
        value: service,
        ...serviceWords(service, cloud, connectivity, catalogue),
      })),
      initial: services,
      // Workspaces are asked for later.
      look: (picked) => {
        if (picked.length === 0 && extra.length === 0) return { problem: "at least one service" };
        return {};
      },
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    // What was in the settings in another order stays in it.
    const kept = services.filter((service) => answer.value.includes(service));
    const added = answer.value.filter((service) => !services.includes(service));
    return {
      way: "next",
      draft: { ...draft, defender: { ...draft.defender, services: [...kept, ...added] } },
    };
  },
};

export const regionsStep: Step = {
  applies: ({ defender }) => defender.cloud === "commercial",
  async ask(draft, { asker }) {
    const answer = await asker.pick({
      title: "Defender: where is the tenant's data?",
      lines: [
        "Mark the region that the Defender portal names, and only its names are let through.",
        "With none marked every region is open: right where you do not know.",
      ],
      choices: REGIONS.map((region) => ({ value: region, label: REGION_NAMES[region] })),
      initial: draft.defender.regions,
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    return { way: "next", draft: { ...draft, defender: { ...draft.defender, regions: answer.value } } };
  },
};

const CONNECTIVITY_WORDS: Readonly<Record<Connectivity, { label: string; hint: string }>> = {
  streamlined: {
    label: "Streamlined",
    hint: "one domain for the core services, the newer way",
  },
  standard: { label: "Standard", hint: "the longer list of names, the older way" },
};

export const connectivityStep: Step = {
  ask: (draft, context) =>
    askChoice(
      draft,
      context,
      {
        title: "Defender: which connectivity?",
        lines: ["As the onboarding package of your devices was made: the portal calls it connectivity type."],
        choices: CONNECTIVITIES.map((value) => ({ value, ...CONNECTIVITY_WORDS[value] })),
        initial: CONNECTIVITIES.indexOf(draft.defender.connectivity),
      },
      (connectivity) => ({ defender: { ...draft.defender, connectivity } }),
    ),
};

export const workspaceStep: Step = {
  applies: ({ defender, workspaces }) => defender.services.includes("mdi") || workspaces !== "",
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Defender: Identity workspace names",
      lines: [
        "For Defender for Identity sensors v2: the workspace names with spaces between, such as contoso-corp.",
        "Empty: no sensor v2 gets through. Sensors v3 and Defender for Endpoint need nothing here.",
      ],
      initial: draft.workspaces,
      look: (text) => {
        const { problem } = lookByWord(workspace, 0)(text);
        const { services, extra } = draft.defender;
        const together = servicesProblem({
          services: [...services],
          workspaces: words(text),
          extra: [...extra],
        });
        const expected = problem ?? together;
        return expected === undefined ? {} : { problem: expected };
      },
      store: (text) => ({ workspaces: canonicalWords(workspace, text) }),
    }),
};

/** What is let through, in words. */
export function defenderText({ defender, workspaces }: Draft): string {
  const { cloud, regions, connectivity, services, extra, broad } = defender;
  const where = regions.length === 0 || cloud !== "commercial" ? [] : [regions.join("+")];
  const identity = services.includes("mdi")
    ? [`Identity: ${words(workspaces).join(", ") || "no workspace"}`]
    : [];
  const more = extra.length === 0 ? [] : [`${extra.length} extra`];
  const wide = broad.length === 0 ? [] : [`${broad.length} broad`];
  return [cloud, ...where, connectivity, services.join(" "), ...identity, ...wide, ...more].join(", ");
}
