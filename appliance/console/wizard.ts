import type { Draft } from "./draft.ts";
import { clientStep } from "./steps/clientsteps.ts";
import {
  cloudStep,
  connectivityStep,
  regionsStep,
  servicesStep,
  workspaceStep,
} from "./steps/defendersteps.ts";
import { hasKeyboard } from "./steps/keyboardsteps.ts";
import { keysStep } from "./steps/keydisk.ts";
import type { Part } from "./steps/part.ts";
import { passwordStep } from "./steps/passwordstep.ts";
import { sshFromStep } from "./steps/sshsteps.ts";
import type { Step, StepContext, StepResult } from "./steps/step.ts";
import { timeStep } from "./steps/timesteps.ts";
import { KEYBOARD_STEPS, NETWORK_STEPS } from "./steps/topics.ts";

/** The questions of a first boot, in order. What is not among them is right for most as it is. */
const FIRST: readonly { part: Part; steps: readonly Step[] }[] = [
  {
    part: "keyboard",
    steps: KEYBOARD_STEPS.map((step) => ({ ...step, applies: (_, context) => hasKeyboard(context) })),
  },
  { part: "network", steps: NETWORK_STEPS },
  { part: "clients", steps: [clientStep] },
  { part: "admin", steps: [passwordStep, keysStep, sshFromStep] },
  { part: "defender", steps: [cloudStep, servicesStep, regionsStep, connectivityStep, workspaceStep] },
  { part: "time", steps: [timeStep] },
];

/**
 * Asks every question of a first boot. `back` means back from the first one.
 *
 * @param from `last`: begins at the last one, for who comes back from the review.
 */
export async function askAll(
  first: Draft,
  context: StepContext,
  from: "first" | "last",
): Promise<StepResult> {
  const steps = FIRST.flatMap((topic) => topic.steps);
  const result = await walk(steps, first, context, from);
  if (result.way === "back") return result;
  const asked = FIRST.map(({ part }) => part);
  const marked = result.draft.marked.filter((part) => !asked.includes(part));
  return { way: result.way, draft: { ...result.draft, marked } };
}

/** Goes through steps forwards and, with Esc, backwards. `back` means back from the first. */
export async function walk(
  steps: readonly Step[],
  first: Draft,
  context: StepContext,
  from: "first" | "last" = "first",
): Promise<StepResult> {
  let draft = first;
  const asked = from === "last" ? await applying(steps, draft, context) : [];
  let index = asked.pop() ?? 0;
  while (index < steps.length) {
    const step = steps[index];
    if (step === undefined || (await step.applies?.(draft, context)) === false) {
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

/** Indexes of the steps that are asked. */
async function applying(steps: readonly Step[], draft: Draft, context: StepContext): Promise<number[]> {
  const isAsked = await Promise.all(steps.map(({ applies }) => applies?.(draft, context) ?? true));
  return steps.flatMap((_, index) => (isAsked[index] ? [index] : []));
}
