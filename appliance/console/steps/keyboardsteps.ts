import { xkbName } from "../../settings/placefields.ts";
import type { Keyboard } from "../../settings/settings.ts";
import type { Draft } from "../draft.ts";
import { layoutProblem, loadLayout } from "./keymap.ts";
import { LAYOUTS, layoutText } from "./layouts.ts";
import { askText, type Step, type StepContext, type StepResult } from "./step.ts";

/** The screen has a keyboard of its own; a serial line's or a session's belongs to the far terminal. */
export function hasKeyboard({ line }: Pick<StepContext, "line">): boolean {
  return line !== undefined && /^tty\d+$/.test(line);
}

const WHY = "The layout decides where the signs of a password lie.";
const TYPED = "Keyboard: another layout";

export const layoutStep: Step = {
  async ask(draft, context) {
    const { asker } = context;
    const current = LAYOUTS.findIndex((one) => layoutText(one) === layoutText(draft.keyboard));
    const answer = await asker.choose<Keyboard | "typed">({
      title: "Keyboard: which layout?",
      lines: hasKeyboard(context)
        ? [`${WHY} On the next page you can try it.`]
        : [`${WHY} It is for the screen of this machine, not for the terminal you are at.`],
      choices: [
        ...LAYOUTS.map(({ name, layout, variant }) => ({
          value: { layout, ...(variant === undefined ? {} : { variant }) },
          label: name,
          hint: layoutText({ layout, ...(variant === undefined ? {} : { variant }) }),
        })),
        {
          value: "typed" as const,
          label: "Another layout",
          hint: current === -1 ? layoutText(draft.keyboard) : "its name is typed",
        },
      ],
      initial: current === -1 ? LAYOUTS.length : current,
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    if (answer.value !== "typed") return putOn({ ...draft, keyboard: answer.value }, context);
    const typed = await askTyped(draft, context);
    if (typed.way === "back") return this.ask(typed.draft, context);
    return typed.way === "gone" ? typed : putOn(typed.draft, context);
  },
};

/** A page where keys can be tried before a password is typed with them. */
export const tryStep: Step = {
  applies: (_draft, context) => hasKeyboard(context),
  async ask(draft, { asker }) {
    const answer = await asker.text({
      title: "Keyboard: try it",
      lines: [
        `The layout is ${layoutText(draft.keyboard)}. Type what your password will have: y z @ / : - _ # and look whether it is right.`,
        "Letters beyond plain ASCII show as ?. Nothing of this line is kept.",
        "Enter: the keys are right. Esc: another layout.",
      ],
      look: () => ({}),
    });
    return { way: answer.kind === "value" ? "next" : answer.kind, draft };
  },
};

async function askTyped(draft: Draft, context: StepContext): Promise<StepResult> {
  let problem: string | undefined;
  let latest = draft;
  for (;;) {
    const result = await askText(latest, context, {
      title: TYPED,
      lines: [
        ...(problem === undefined ? [] : [`Expected: ${problem}.`, ""]),
        "Its name in X keyboard data, and a variant after a space: hu, or de nodeadkeys",
      ],
      initial: layoutText(latest.keyboard),
      look: (text) => {
        const wrong = text
          .trim()
          .split(/\s+/)
          .slice(0, 3)
          .map(xkbName)
          .find(({ ok }) => !ok);
        if (text.trim().split(/\s+/).length > 2) return { problem: "a layout and at most one variant" };
        return wrong === undefined || wrong.ok ? {} : { problem: wrong.problem };
      },
      store: (text) => {
        const [layout = "", variant] = text.split(/\s+/);
        return { keyboard: { layout, ...(variant === undefined ? {} : { variant }) } };
      },
    });
    if (result.way !== "next") return result;
    problem = await layoutProblem(context.system, result.draft.keyboard);
    if (problem === undefined) return result;
    latest = {
      ...result.draft,
      keyboard: draft.keyboard,
      unfinished: { ...result.draft.unfinished, [TYPED]: layoutText(result.draft.keyboard) },
    };
  }
}

/** Puts the layout on this screen; where that fails the setting is kept, and the screen stays as it was. */
async function putOn(draft: Draft, context: StepContext): Promise<StepResult> {
  const { system, asker, line = "" } = context;
  if (!hasKeyboard(context)) return { way: "next", draft };
  asker.page("Keyboard");
  asker.print(`Putting the layout ${layoutText(draft.keyboard)} on this screen; a few seconds.`);
  const problem = await loadLayout(system, draft.keyboard, line);
  if (problem === undefined) return { way: "next", draft };
  const answer = await asker.choose({
    title: "Keyboard: the layout could not be put on this screen",
    lines: [problem, "The keys stay as they were. The layout is tried again when the settings are applied."],
    choices: [{ value: true, label: "Go on" }],
  });
  return { way: answer.kind === "value" ? "next" : answer.kind, draft };
}
