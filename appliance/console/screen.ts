import { SelectPrompt, TextPrompt } from "@clack/core";
import { type Answer, type Asker, type ChooseQuestion, linesNow, type TextQuestion } from "./asker.ts";
import { forgetTyped, type Terminal } from "./terminal.ts";
import { cut, wrap } from "./width.ts";

const CLEAR = "\u001b[2J\u001b[H";
const BOLD = "\u001b[1m";
const INVERSE = "\u001b[7m";
const OFF = "\u001b[0m";

/** Milliseconds between two looks at what changes by itself. */
const LOOK_AGAIN = 2000;

/** Room left of and behind a line of input. */
const MARGIN = 6;

/**
 * Asks on a screen: one question a page, drawn by clack's prompts. Plain ASCII, no more than bold and inverse
 * for looks, and a mark beside everything that is inverse.
 */
export function screenAsker(terminal: Terminal, header: string, signal: AbortSignal): Asker {
  const { input, output } = terminal;
  const io = { input, output, signal };
  const page = (): void => {
    output.write(`${CLEAR}${cut(header, output.columns)}\n\n`);
  };
  const answered = <T>(state: string, value: T, typed: string): Answer<T> => {
    if (signal.aborted) return { kind: "gone" };
    return state === "submit" ? { kind: "value", value } : { kind: "back", typed };
  };
  /** Asks, and looks again from time to time: a prompt draws itself when the size changes, and only what differs. */
  const drawnAgain = async (
    prompt: { prompt(): Promise<unknown> },
    look: () => Promise<void>,
  ): Promise<void> => {
    const timer = setInterval(async () => {
      await look();
      output.emit("resize");
    }, LOOK_AGAIN);
    await prompt.prompt();
    clearInterval(timer);
  };
  return {
    page(title) {
      page();
      output.write(`${BOLD}${title}${OFF}\n`);
    },
    print(line) {
      for (const part of wrap(line, output.columns - 1)) output.write(`${part}\n`);
    },
    forget() {
      forgetTyped(terminal);
    },
    async choose<T>(question: ChooseQuestion<T>) {
      page();
      let { lines } = question;
      const options = question.choices.map((_, index) => ({ value: index }));
      const prompt = new SelectPrompt({
        ...io,
        options,
        initialValue: question.initial ?? 0,
        render() {
          return chooseFrame({ ...question, lines }, this.cursor, output.columns);
        },
      });
      prompt.on("key", (character) => {
        const index = Number(character) - 1;
        if (Number.isInteger(index) && options[index] !== undefined) {
          prompt.cursor = index;
          prompt.value = index;
        }
      });
      await drawnAgain(prompt, async () => {
        lines = (await question.look?.().catch(() => lines)) ?? lines;
      });
      const chosen = question.choices[prompt.cursor];
      if (chosen === undefined) return { kind: "back", typed: "" };
      return answered(prompt.state, chosen.value, "");
    },
    async text(question) {
      page();
      const prompt = new TextPrompt({
        ...io,
        initialUserInput: question.initial ?? "",
        validate: (value) => question.look(value ?? "").problem,
        render() {
          return textFrame(question, this.userInput, this.cursor, this.error, output.columns);
        },
      });
      await drawnAgain(prompt, async () => {});
      return answered(prompt.state, prompt.userInput, prompt.userInput);
    },
  };
}

function chooseFrame<T>(
  { title, lines, choices }: ChooseQuestion<T>,
  cursor: number,
  columns: number,
): string {
  const width = Math.max(...choices.map(({ label }) => label.length));
  const rows = choices.map(({ label, hint }, index) => {
    const text = `${index + 1}. ${hint === undefined ? label : `${label.padEnd(width)}  ${hint}`}`;
    const row = cut(text, columns - 4);
    return index === cursor ? `> ${INVERSE}${row}${OFF}` : `  ${row}`;
  });
  return frame(title, lines, [...rows, "", "  Up, Down or a number, then Enter.   Esc: back"], columns);
}

function textFrame(
  question: TextQuestion,
  typed: string,
  cursor: number,
  error: string,
  columns: number,
): string {
  const { title, isSecret = false, look } = question;
  const shown = isSecret ? "*".repeat(typed.length) : typed;
  const { problem, note } = look(typed);
  // What Enter refused stays until the text is right; before Enter an unfinished text is only hinted at.
  const said =
    problem === undefined ? (note ?? "") : `${error === "" ? "Expected" : "! Expected"}: ${problem}`;
  const below = typed === "" && error === "" && note === undefined ? "" : said;
  return frame(
    title,
    linesNow(question),
    [
      `> ${inputLine(shown, cursor, columns - MARGIN)}`,
      ...wrap(below, columns - 4).map((line) => `  ${line}`),
      "",
      "  Enter: go on   Esc: back",
    ],
    columns,
  );
}

/** The part of the text around the cursor; a pasted key is longer than a line. */
function inputLine(text: string, cursor: number, width: number): string {
  const start = Math.max(0, cursor - width + 1);
  const visible = text.slice(start, start + width).replaceAll(/[^\x20-\x7e]/g, "?");
  const at = cursor - start;
  const under = visible[at] ?? " ";
  return `${start > 0 ? "<" : ""}${visible.slice(0, at)}${INVERSE}${under}${OFF}${visible.slice(at + 1)}`;
}

function frame(title: string, lines: readonly string[], rest: readonly string[], columns: number): string {
  const why = lines.flatMap((line) => wrap(line, columns - 4)).map((line) => `  ${line}`);
  return [`${BOLD}${title}${OFF}`, ...why, "", ...rest].join("\n");
}
