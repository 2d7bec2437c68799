import { Prompt } from "@clack/core";
import { NumberKeys } from "../terminal/numberkeys.ts";
import type { Answer, ChooseQuestion, Look, PickQuestion, Seen } from "./asker.ts";
import { choiceRows } from "./frame.ts";
import type { Shown } from "./shown.ts";

/** Asks for one line of a list. */
export async function askChoiceOn<T>(shown: Shown, question: ChooseQuestion<T>): Promise<Answer<T>> {
  const { title, choices, initial = 0, isOneKey = false } = question;
  const help = isOneKey
    ? ["A number takes its line; or Up, Down and Enter   Esc: back", "A number, or Enter   Esc: back"]
    : ["Up, Down or a number, then Enter   Esc: back", "Enter: take   Esc: back"];
  const numbers = new NumberKeys(choices.length);
  let seen: Seen<T> = { lines: question.lines };
  let current = initial;
  let isTouched = false;
  const { state, settled } = await shown.run<T>(
    (options) => {
      const render = (): string => {
        const { rows, at } = choiceRows(seen.choices ?? choices, current, shown.columns);
        return shown.frame({ title, lines: seen.lines, body: rows, at, help });
      };
      const prompt = new Prompt<unknown>({ ...options, render }, false);
      prompt.on("cursor", (action) => {
        current = moved(current, action, choices.length);
      });
      prompt.on("key", (character) => {
        isTouched = true;
        const index = numbers.press(character);
        if (index === undefined) return;
        current = index;
        if (isOneKey) prompt.state = "submit";
      });
      return prompt;
    },
    async () => {
      seen = (await question.look?.()) ?? seen;
      if (seen.prefer !== undefined && !isTouched) current = seen.prefer;
      return seen.settled;
    },
  );
  if (settled !== undefined) return { kind: "value", value: settled.value };
  const chosen = choices[current];
  return chosen === undefined ? { kind: "back", typed: "" } : shown.answer(state, chosen.value);
}

/** Asks for any number of lines of a list. */
export async function askPickOn<T>(shown: Shown, question: PickQuestion<T>): Promise<Answer<readonly T[]>> {
  const { title, lines, choices, initial } = question;
  const look = (picked: readonly T[]): Look => question.look?.(picked) ?? {};
  const help = ["Space: mark or unmark   Enter: go on   Esc: back", "Space: mark   Enter: go on"];
  const numbers = new NumberKeys(choices.length);
  const picked = new Set(initial);
  let current = 0;
  const isPicked = (index: number): boolean =>
    choices.some(({ value }, at) => at === index && picked.has(value));
  const values = (): readonly T[] => choices.map(({ value }) => value).filter((value) => picked.has(value));
  const { state } = await shown.run((options) => {
    const render = (): string => {
      const mark = (index: number): string => (isPicked(index) ? "[x] " : "[ ] ");
      const { rows, at } = choiceRows(choices, current, shown.columns, mark);
      const { problem, note } = look(values());
      const said = problem === undefined ? note : `! Expected: ${problem}`;
      return shown.frame({
        title,
        lines: said === undefined ? lines : [said, ...lines],
        body: rows,
        at,
        help,
      });
    };
    const validate = (): string | undefined => look(values()).problem;
    const prompt = new Prompt<unknown>({ ...options, render, validate }, false);
    prompt.on("cursor", (action) => {
      current = moved(current, action, choices.length);
      const choice = choices[current];
      if (action !== "space" || choice === undefined) return;
      if (!picked.delete(choice.value)) picked.add(choice.value);
    });
    prompt.on("key", (character) => {
      current = numbers.press(character) ?? current;
    });
    return prompt;
  });
  return shown.answer(state, values());
}

/** The line that an arrow key leads to; the ends of the list are joined. */
function moved(current: number, action: string | undefined, count: number): number {
  const step = action === "up" ? -1 : action === "down" ? 1 : 0;
  return (current + step + count) % count;
}
