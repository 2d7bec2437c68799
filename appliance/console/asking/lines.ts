import { forgetTyped, type Terminal } from "../terminal/terminal.ts";
import { readLine } from "../terminal/typedline.ts";
import { wrap } from "../terminal/width.ts";
import {
  type Answer,
  type Asker,
  type Choice,
  type ChooseQuestion,
  linesNow,
  type PickQuestion,
  type Seen,
  type TextQuestion,
} from "./asker.ts";

/** What one line means: a value, what was expected, or `again` for another look at the question. */
type Taken<T> = { value: T } | { problem: string };

interface Plain<T> {
  title: string;
  /** All that is printed above the prompt. */
  lines(): readonly string[];
  prompt(): string;
  isSecret?: boolean;
  take(line: string): Taken<T>;
  /** Whether to print the question again, or to answer it by itself. */
  look?(isTouched: boolean): Promise<"again" | { value: T } | undefined>;
}

/**
 * Asks by plain lines, for terminals that cannot move the cursor and for screen readers: the question is
 * printed once and the answer is one line.
 */
export function lineAsker(terminal: Terminal, header: string, signal: AbortSignal): Asker {
  const { output } = terminal;
  const print = (line: string): void => {
    for (const part of wrap(line, output.columns - 1)) output.write(`${part}\n`);
  };
  const begin = (title: string): void => {
    output.write("\n");
    print(title);
  };
  print(header);
  print("Answer with a number or a text, then Enter. Enter alone takes what stands in brackets.");
  print('The word "back" goes back.');

  async function ask<T>({
    title,
    lines,
    prompt,
    isSecret = false,
    take,
    look,
  }: Plain<T>): Promise<Answer<T>> {
    let isShown = false;
    for (;;) {
      if (!isShown) {
        begin(title);
        for (const line of lines()) for (const part of wrap(line, output.columns - 4)) print(`  ${part}`);
      }
      isShown = true;
      output.write(prompt());
      let settled: { value: T } | undefined;
      const line = await readLine(terminal, {
        isSecret,
        signal,
        ...(look === undefined
          ? {}
          : {
              isInterrupted: async (isTouched: boolean) => {
                const seen = await look(isTouched);
                if (typeof seen === "object") settled = seen;
                return seen !== undefined;
              },
            }),
      });
      if (signal.aborted) return { kind: "gone" };
      if (settled !== undefined) return { kind: "value", value: settled.value };
      if (line.kind === "back" || (line.kind === "line" && line.text.trim() === "back"))
        return { kind: "back", typed: "" };
      if (line.kind !== "line") {
        isShown = false;
        continue;
      }
      const taken = take(line.text);
      if ("value" in taken) return { kind: "value", value: taken.value };
      print(`  Expected: ${taken.problem}`);
    }
  }

  return {
    page: begin,
    print,
    forget: () => forgetTyped(terminal),

    choose<T>({ title, lines, look, choices, initial = 0 }: ChooseQuestion<T>) {
      let seen: Seen<T> = { lines };
      let current = initial;
      return ask<T>({
        title,
        lines: () => [...seen.lines, ...numbered(seen.choices ?? choices)],
        prompt: () => `1 to ${choices.length} [${current + 1}]: `,
        take: (line) => {
          const choice = choices[line.trim() === "" ? current : Number(line) - 1];
          return choice === undefined
            ? { problem: `a number from 1 to ${choices.length}` }
            : { value: choice.value };
        },
        look: async (isTouched) => {
          seen = (await look?.()) ?? seen;
          if (seen.settled !== undefined) return seen.settled;
          if (seen.prefer === undefined || seen.prefer === current || isTouched) return undefined;
          // What is proposed has changed, and with it the reason, which is read out again.
          current = seen.prefer;
          return "again";
        },
      });
    },

    pick<T>({ title, lines, choices, initial, look = () => ({}) }: PickQuestion<T>) {
      const before = choices.flatMap(({ value }, index) => (initial.includes(value) ? [index + 1] : []));
      return ask<readonly T[]>({
        title,
        lines: () => [...lines, ...numbered(choices), "Several numbers with spaces between; 0 for none."],
        prompt: () => `Numbers [${before.join(" ") || "0"}]: `,
        take: (line) => {
          const picked = pickedBy(line.trim() === "" ? before.join(" ") : line, choices);
          if (picked === undefined) return { problem: `numbers from 1 to ${choices.length}, or 0` };
          const { problem } = look(picked);
          return problem === undefined ? { value: picked } : { problem };
        },
      });
    },

    text(question: TextQuestion) {
      const { title, initial = "", isSecret = false, look } = question;
      const canBeEmpty = initial !== "" && !isSecret && look("").problem === undefined;
      return ask<string>({
        title,
        lines: () => [...linesNow(question), ...(canBeEmpty ? ["- alone: nothing."] : [])],
        prompt: () => (initial === "" || isSecret ? ": " : `[${initial}]: `),
        isSecret,
        take: (line) => {
          const text = canBeEmpty && line.trim() === "-" ? "" : line === "" ? initial : line;
          const { problem, note } = look(text);
          if (problem !== undefined) return { problem };
          if (note !== undefined && text !== "") print(`  ${note}`);
          return { value: text };
        },
      });
    },
  };
}

function numbered<T>(choices: readonly Choice<T>[]): string[] {
  return choices.map(
    ({ label, hint }, index) => `${index + 1}. ${label}${hint === undefined ? "" : `  ${hint}`}`,
  );
}

/** `1 3` as the values of these lines; undefined where a number leads nowhere. */
function pickedBy<T>(line: string, choices: readonly Choice<T>[]): T[] | undefined {
  const numbers = line
    .split(/[\s,]+/)
    .filter((word) => word !== "")
    .map(Number);
  if (numbers.some((number) => number !== 0 && choices[number - 1] === undefined)) return undefined;
  return choices.flatMap(({ value }, index) => (numbers.includes(index + 1) ? [value] : []));
}
