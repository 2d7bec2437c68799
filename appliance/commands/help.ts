import type { Command, Option } from "./command.ts";

const WIDTH = 100;

/** Exit codes of every command, with what they mean. */
export const EXITS: readonly (readonly [code: number, meaning: string])[] = [
  [0, "done"],
  [1, "a check failed, or the change was taken back"],
  [2, "wrong settings or arguments"],
  [3, "this machine: a program or the disk"],
  [4, "a check of the network or the proxy failed"],
  [130, "ended by Ctrl-C"],
];

/** What `posternctl --help` prints. */
export function helpText(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `posternctl: the settings and the state of this appliance

${lines.join("\n")}

posternctl help COMMAND says more.
${exitText()}`;
}

/** What `posternctl COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const { options, summary, details, examples } = command;
  const flags = options.map(flagText);
  const width = Math.max(0, ...flags.map((flag) => flag.length));
  const parts = [
    `${fill(usageText(command), WIDTH).join("\n    ")}\n  ${summary}`,
    ...details.map((paragraph) => fill(paragraph, WIDTH).join("\n")),
    options
      .map((option, index) => {
        const [first = "", ...rest] = fill(option.summary, WIDTH - width - 4);
        const indent = " ".repeat(width + 4);
        return [
          `  ${(flags[index] ?? "").padEnd(width)}  ${first}`,
          ...rest.map((line) => indent + line),
        ].join("\n");
      })
      .join("\n"),
    examples.map((example) => `  ${example}`).join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n\n${exitText()}`;
}

export function usageText({ name, options, positionals }: Command): string {
  const flags = options.map((option) => `[${flagText(option)}]`);
  return ["posternctl", name, ...flags, positionals].filter((part) => part !== "").join(" ");
}

export function flagText({ name, argument }: Option): string {
  return argument === undefined ? `--${name}` : `--${name} ${argument}`;
}

function exitText(): string {
  const text = `Exit codes: ${EXITS.map(([code, meaning]) => `${code} ${meaning}`).join("; ")}.`;
  return `${fill(text, WIDTH).join("\n")}\n`;
}

/** A paragraph in lines of whole words. */
export function fill(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
