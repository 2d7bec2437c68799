import { TextPrompt } from "@clack/core";
import { wrap } from "../terminal/width.ts";
import { type Answer, type Look, linesNow, type TextQuestion } from "./asker.ts";
import { inputLine } from "./frame.ts";
import type { Shown } from "./shown.ts";

/** Room left of and behind a line of input. */
const MARGIN = 6;

/** Asks for a line of text; what is wrong with it stands below while it is typed. */
export async function askTextOn(shown: Shown, question: TextQuestion): Promise<Answer<string>> {
  const { title, isSecret = false, initial = "", look } = question;
  let typed = "";
  const { state } = await shown.run((options) => {
    const prompt: TextPrompt = new TextPrompt({
      ...options,
      initialUserInput: initial,
      validate: (value) => look(value ?? "").problem,
      render() {
        typed = this.userInput;
        const text = isSecret ? "*".repeat(typed.length) : typed;
        const below = saidBelow(look(typed), typed, this.error);
        const said = below === "" ? [] : wrap(below, shown.columns - 3);
        const body = [
          `> ${inputLine(text, this.cursor, shown.columns - MARGIN)}`,
          ...said.map((line) => `  ${line}`),
        ];
        return shown.frame({
          title,
          lines: linesNow(question),
          body,
          at: 0,
          help: ["Enter: go on   Esc: back"],
        });
      },
    });
    return prompt;
  });
  return shown.answer(state, typed, typed);
}

/** What Enter refused stays until the text is right; before Enter an unfinished text is only hinted at. */
function saidBelow({ problem, note }: Look, typed: string, error: string): string {
  if (typed === "" && error === "" && note === undefined) return "";
  if (problem === undefined) return note ?? "";
  return `${error === "" ? "Expected" : "! Expected"}: ${problem}`;
}
