import { mirrorUrl, updateWindow } from "../../settings/placefields.ts";
import type { Draft } from "../draft.ts";
import { askChoice, askText, canonical, lookBy, lookIfAny, type Step } from "./step.ts";

export const updateModeStep: Step = {
  ask: (draft, context) =>
    askChoice(
      draft,
      context,
      {
        title: "Updates: do security updates install themselves?",
        lines: ["They come from the distribution's archive or its mirror, which this machine has to reach."],
        choices: [
          { value: "security" as const, label: "Yes", hint: "security updates, and nothing else" },
          { value: "off" as const, label: "No", hint: "somebody has to see to them" },
        ],
        initial: draft.updates.mode === "off" ? 1 : 0,
      },
      (mode) => ({ updates: { ...draft.updates, mode } }),
    ),
};

export const windowStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Updates: in which hours?",
      lines: [
        "02:00-04:00, or with days: Sat,Sun 02:00-04:00. In them a restart that an update needs happens too.",
        "Empty: daily, and nothing ever restarts by itself.",
      ],
      initial: draft.updates.window ?? "",
      look: lookIfAny(lookBy(updateWindow)),
      store: (text) => {
        const { window: _, ...others } = draft.updates;
        return { updates: text === "" ? others : { ...others, window: canonical(updateWindow, text) } };
      },
    }),
};

export const mirrorStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Updates: from which mirror?",
      lines: ["Its URL, such as http://mirror.example.com/debian. Empty: the distribution's own archive."],
      initial: draft.updates.mirror ?? "",
      look: lookIfAny(lookBy(mirrorUrl)),
      store: (text) => {
        const { mirror: _, ...others } = draft.updates;
        return { updates: text === "" ? others : { ...others, mirror: canonical(mirrorUrl, text) } };
      },
    }),
};

export function updatesText({ updates: { mode, window, mirror } }: Draft): string {
  if (mode === "off") return "off";
  const from = mirror === undefined ? "" : `, from ${mirror}`;
  return `security, ${window ?? "daily, no restart"}${from}`;
}
