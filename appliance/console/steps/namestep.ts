import { hostName } from "../../settings/fields.ts";
import { askText, canonical, lookBy, type Step } from "./step.ts";

export const nameStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Name: what is this machine called?",
      lines: [
        "In its logs and at the prompt. Letters, digits and hyphens, such as proxy-01; a domain may follow.",
      ],
      initial: draft.hostname,
      look: lookBy(hostName),
      store: (text) => ({ hostname: canonical(hostName, text) }),
    }),
};
