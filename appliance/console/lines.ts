import { type Answer, type Asker, linesNow, type TextQuestion } from "./asker.ts";
import { forgetTyped, type Terminal } from "./terminal.ts";
import { wrap } from "./width.ts";

const BACKSPACE = ["\u0008", "\u007f"];
const CTRL_U = "\u0015";
const ESC = "\u001b";

/**
 * Asks by plain lines, for terminals that cannot move the cursor and for screen readers: the question is
 * printed once and the answer is one line.
 */
export function lineAsker(terminal: Terminal, header: string, signal: AbortSignal): Asker {
  const { output } = terminal;
  const print = (line: string): void => {
    output.write(`${line}\n`);
  };
  print(header);

  /** Asks for lines until one is right; `take` gives its value or what was expected. */
  async function ask<T>(
    title: string,
    lines: readonly string[],
    prompt: string,
    isSecret: boolean,
    take: (line: string) => { value: T } | { problem: string },
  ): Promise<Answer<T>> {
    print(`\n${title}`);
    for (const line of lines.flatMap((text) => wrap(text, output.columns - 4))) print(`  ${line}`);
    for (;;) {
      output.write(prompt);
      const line = await readLine(terminal, isSecret, signal);
      if (signal.aborted) return { kind: "gone" };
      if (line === undefined || line.trim() === "back") return { kind: "back", typed: "" };
      const taken = take(line);
      if ("value" in taken) return { kind: "value", value: taken.value };
      print(`  Expected: ${taken.problem}`);
    }
  }

  return {
    page: (title) => print(`\n${title}`),
    print: (line) => wrap(line, output.columns - 1).forEach(print),
    forget: () => forgetTyped(terminal),
    choose: ({ title, lines, choices, initial = 0 }) => {
      const rows = choices.map(
        ({ label, hint }, index) => `${index + 1}. ${label}${hint === undefined ? "" : `  ${hint}`}`,
      );
      return ask(title, [...lines, ...rows], `1 to ${choices.length} [${initial + 1}]: `, false, (line) => {
        const choice = choices[line.trim() === "" ? initial : Number(line) - 1];
        return choice === undefined
          ? { problem: `a number from 1 to ${choices.length}` }
          : { value: choice.value };
      });
    },
    text: (question: TextQuestion) => {
      const { initial = "", isSecret = false } = question;
      const prompt = initial === "" || isSecret ? ": " : `[${initial}]: `;
      return ask(question.title, linesNow(question), prompt, isSecret, (line) => {
        const text = line === "" ? initial : line;
        const { problem, note } = question.look(text);
        if (problem !== undefined) return { problem };
        if (note !== undefined && text !== "") print(`  ${note}`);
        return { value: text };
      });
    },
  };
}

/** One line, echoed here because the terminal is raw; undefined for Esc and when the terminal is gone. */
function readLine(
  { input, output }: Terminal,
  isSecret: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let line = "";
    const end = (value: string | undefined): void => {
      input.off("data", onKey);
      signal.removeEventListener("abort", onGone);
      input.pause();
      output.write("\n");
      resolve(value);
    };
    const onGone = (): void => end(undefined);
    const onKey = (bytes: Buffer): void => {
      const key = bytes.toString("utf8");
      if (key === "\r" || key === "\n") end(line);
      else if (key === ESC) end(undefined);
      else
        for (const character of key.startsWith(ESC) ? "" : key)
          line = typed(line, character, isSecret, output);
    };
    signal.addEventListener("abort", onGone, { once: true });
    input.on("data", onKey);
    input.resume();
  });
}

function typed(line: string, character: string, isSecret: boolean, output: Terminal["output"]): string {
  const erase = isSecret ? "" : "\b \b";
  if (character === CTRL_U) {
    output.write(erase.repeat(line.length));
    return "";
  }
  if (BACKSPACE.includes(character)) {
    if (line !== "") output.write(erase);
    return line.slice(0, -1);
  }
  if (character < " ") return line;
  if (!isSecret) output.write(character);
  return line + character;
}
