import { broadLines } from "./broadlines.ts";
import type { Draft } from "./draft.ts";
import { problemsOf } from "./fitting.ts";
import { partsOf, problemLine } from "./parts.ts";
import type { StepContext, StepResult } from "./steps/step.ts";
import { type Item, TOPICS, type Topic } from "./steps/topics.ts";
import { walk } from "./wizard.ts";

export type Ending = { way: "apply"; draft: Draft } | { way: "back"; draft: Draft } | { way: "gone" };

/** Shows everything once more; each line can be changed, until Apply or Esc. */
export async function review(first: Draft, context: StepContext): Promise<Ending> {
  let draft = first;
  let at = 0;
  for (;;) {
    const problems = problemsOf(draft);
    const marked = [...partsOf(problems), ...draft.marked];
    const answer = await context.asker.choose<number | "apply">({
      title: "Review: apply these settings?",
      lines: [
        ...(marked.length === 0 ? [] : ["! marks what has to be looked at."]),
        ...(await broadLines(draft, context.system)),
      ],
      choices: [
        { value: "apply", label: "Apply", hint: "every other line can be changed" },
        ...TOPICS.map(({ part, name, text }, index) => ({
          value: index,
          label: `${marked.includes(part) ? "!" : " "} ${name}`,
          hint: text(draft),
        })),
      ],
      initial: at,
    });
    if (answer.kind === "gone") return { way: "gone" };
    if (answer.kind === "back") return { way: "back", draft };
    if (answer.value === "apply") {
      if (problems.length === 0) return { way: "apply", draft };
      const seen = await context.asker.choose({
        title: "These settings do not fit together",
        lines: problems.map(problemLine),
        choices: [{ value: true, label: "Back to the review" }],
      });
      if (seen.kind === "gone") return { way: "gone" };
      continue;
    }
    const topic = TOPICS[answer.value];
    if (topic === undefined) continue;
    const result = await change(topic, draft, context);
    if (result.way === "gone") return { way: "gone" };
    const others = result.draft.marked.filter((part) => part !== topic.part);
    draft = result.way === "next" ? { ...result.draft, marked: others } : result.draft;
    at = 0;
  }
}

/** Asks for what is behind a line of the review. */
async function change(topic: Topic, draft: Draft, context: StepContext): Promise<StepResult> {
  if (topic.items !== undefined) return chooseItem(topic, topic.items, draft, context);
  return walk(topic.steps ?? [], draft, context);
}

/** A list of its own; it stays until it is left. */
async function chooseItem(
  { name }: Topic,
  items: readonly Item[],
  first: Draft,
  context: StepContext,
): Promise<StepResult> {
  let draft = first;
  let isAnswered = false;
  let at = 1;
  for (;;) {
    const applying = await Promise.all(items.map(({ step }) => step.applies?.(draft, context) ?? true));
    const shown = items.filter((_, index) => applying[index]);
    const answer = await context.asker.choose<Item | "done">({
      title: name,
      lines: [],
      choices: [
        { value: "done", label: "Back", hint: "to the review" },
        ...shown.map((item) => ({ value: item, label: item.name, hint: item.text(draft) })),
      ],
      initial: at,
    });
    if (answer.kind === "gone") return { way: "gone", draft };
    if (answer.kind === "back" || answer.value === "done")
      return { way: isAnswered ? "next" : "back", draft };
    const result = await answer.value.step.ask(draft, context);
    if (result.way === "gone") return result;
    draft = result.draft;
    isAnswered ||= result.way === "next";
    at = result.way === "next" ? 0 : shown.indexOf(answer.value) + 1;
  }
}
