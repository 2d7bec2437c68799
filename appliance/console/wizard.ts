import { cloudStep, keyStep, passwordStep, sshFromStep, workspaceStep } from "./adminsteps.ts";
import { clientStep } from "./clientsteps.ts";
import { type Draft, words } from "./draft.ts";
import { addressStep, cardStep, dnsStep, gatewayStep, modeStep, nameStep, timeStep } from "./networksteps.ts";
import type { Step, StepContext, StepResult } from "./step.ts";

/** The questions of a first boot, in order. */
const FIRST_STEPS: readonly Step[] = [
  ...[cardStep, modeStep, addressStep, gatewayStep, dnsStep],
  clientStep,
  ...[passwordStep, keyStep, sshFromStep],
  ...[cloudStep, workspaceStep],
];

/** Asked only when somebody wants to change them: their defaults are right for most. */
const LATER_STEPS: readonly Step[] = [nameStep, timeStep];

const ALL_STEPS = [...FIRST_STEPS, ...LATER_STEPS];

export type Ending = { way: "apply"; draft: Draft } | { way: "back"; draft: Draft } | { way: "gone" };

/** Asks every question of a first boot; Esc at the first one stays there. */
export async function askAll(draft: Draft, context: StepContext): Promise<StepResult> {
  for (
    let result = await walk(FIRST_STEPS, draft, context);
    ;
    result = await walk(FIRST_STEPS, result.draft, context)
  ) {
    if (result.way !== "back") return result;
  }
}

/** Shows everything once more; each line can be changed, until Apply or Esc. */
export async function review(first: Draft, context: StepContext): Promise<Ending> {
  let draft = first;
  for (;;) {
    const answer = await context.asker.choose<Step["part"] | "apply">({
      title: "Review: apply these settings?",
      lines: [],
      choices: [
        { value: "apply", label: "Apply" },
        ...summary(draft).map(({ part, name, text }) => ({ value: part, label: name, hint: text })),
      ],
    });
    if (answer.kind === "gone") return { way: "gone" };
    if (answer.kind === "back") return { way: "back", draft };
    if (answer.value === "apply") return { way: "apply", draft };
    const steps = ALL_STEPS.filter(({ part }) => part === answer.value);
    const result = await walk(steps, draft, context);
    if (result.way === "gone") return { way: "gone" };
    draft = result.draft;
  }
}

/** Goes through steps forwards and, with Esc, backwards. `back` means back from the first. */
async function walk(steps: readonly Step[], first: Draft, context: StepContext): Promise<StepResult> {
  let draft = first;
  let index = 0;
  const asked: number[] = [];
  while (index < steps.length) {
    const step = steps[index];
    if (step === undefined || !(await step.applies(draft, context))) {
      index++;
      continue;
    }
    const result = await step.ask(draft, context);
    draft = result.draft;
    if (result.way === "gone") return result;
    if (result.way === "next") {
      asked.push(index);
      index++;
      continue;
    }
    const previous = asked.pop();
    if (previous === undefined) return { way: "back", draft };
    index = previous;
  }
  return { way: "next", draft };
}

/** One line a part, in words. */
export function summary(draft: Draft): { part: Step["part"]; name: string; text: string }[] {
  const card = draft.mac === undefined ? "" : ` on ${draft.mac}`;
  const network =
    draft.mode === "dhcp"
      ? `DHCP${card}`
      : `${draft.address}${card}, gateway ${draft.gateway}, DNS ${words(draft.dns).join(", ")}`;
  const clients = draft.clients.map(({ cidr, label }) => (label === undefined ? cidr : `${cidr} ${label}`));
  const workspaces = words(draft.workspaces);
  return [
    { part: "network", name: "Network", text: network },
    { part: "clients", name: "Clients", text: clients.join(", ") },
    {
      part: "admin",
      name: "Administrator",
      text: `${draft.passwordHash === undefined ? "no password" : "password set"}, ${sshText(draft)}`,
    },
    {
      part: "defender",
      name: "Defender",
      text: `${draft.cloud}, Identity: ${workspaces.join(", ") || "no workspace"}`,
    },
    { part: "name", name: "Name", text: draft.hostname },
    {
      part: "time",
      name: "Time",
      text: words(draft.timeServers).join(", ") || "from DHCP or the hypervisor",
    },
  ];
}

function sshText({ sshKeys, sshFrom }: Draft): string {
  if (sshKeys.length === 0) return "SSH closed";
  const keys = sshKeys.length === 1 ? "1 SSH key" : `${sshKeys.length} SSH keys`;
  return `${keys}, SSH from ${words(sshFrom).join(", ") || "this machine's own network"}`;
}
