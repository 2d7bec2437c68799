import { timeServer } from "../../settings/fields.ts";
import { timeZone } from "../../settings/placefields.ts";
import { type Draft, words } from "../draft.ts";
import { askChoice, askText, canonical, canonicalWords, lookBy, lookByWord, type Step } from "./step.ts";

export const timeStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Time: which time servers?",
      lines: () => [
        "With a wrong clock no encrypted connection works.",
        "Names or addresses with spaces between: ntp.example.com 10.20.0.1",
        "Empty: what DHCP or the hypervisor gives, which is right for most.",
        `The clock of this machine says ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC.`,
      ],
      initial: draft.timeServers,
      look: lookByWord(timeServer, 0),
      store: (text) => ({ timeServers: canonicalWords(timeServer, text) }),
    }),
};

export const zoneStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Time: which zone?",
      lines: ["For logs, update hours and this screen, such as UTC or Europe/Berlin."],
      initial: draft.zone,
      look: lookBy(timeZone, timeIn),
      store: (text) => ({ zone: canonical(timeZone, text) }),
    }),
};

export const hypervisorStep: Step = {
  ask: (draft, context) =>
    askChoice(
      draft,
      context,
      {
        title: "Time: the hypervisor's clock too?",
        lines: ["A virtual machine can read its host's clock, also where no time server answers."],
        choices: [
          { value: true, label: "Yes" },
          { value: false, label: "No", hint: "where the host's clock is wrong" },
        ],
        initial: draft.hypervisorClock ? 0 : 1,
      },
      (hypervisorClock) => ({ hypervisorClock }),
    ),
};

export function timeText({ timeServers, zone, hypervisorClock }: Draft): string {
  const servers =
    words(timeServers).join(", ") || (hypervisorClock ? "from DHCP or the hypervisor" : "from DHCP");
  return `${servers}, ${zone}`;
}

function timeIn(zone: string): string {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  return `it is ${clock.format(new Date())} there`;
}
