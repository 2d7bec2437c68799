import type { Command } from "../../appliance/commands/command.ts";
import { EXITS, flagText, usageText } from "../../appliance/commands/help.ts";
import { COMMANDS } from "../../appliance/commands/registry.ts";
import { cell, code, GENERATED, tableOf } from "./markdown.ts";

/** docs/posternctl.md: every command, from the same definition as its help and the man page. */
export function commandPage(): string {
  const exits = EXITS.map(([number, meaning]) => [code(number), cell(meaning)]);
  return [
    GENERATED,
    "# posternctl",
    "",
    "The settings and the state of an appliance. `posternctl help` lists the commands, `posternctl help COMMAND`",
    "(or `posternctl COMMAND --help`) says the same as this page about one of them, and [posternctl.8](posternctl.8)",
    "is it all as a man page: `man ./posternctl.8`.",
    "",
    tableOf(
      ["command", "does"],
      COMMANDS.map(({ name, summary }) => [`[${name}](#${name})`, cell(summary)]),
    ),
    ...COMMANDS.map(commandText),
    "## Exit codes",
    "",
    tableOf(["code", "means"], exits),
  ].join("\n");
}

function commandText(command: Command): string {
  const { name, summary, details, options, examples, root } = command;
  const flags = options.map((option) => [code(flagText(option)), cell(option.summary)]);
  return [
    `## ${name}`,
    "",
    ["```", usageText(command), "```"].join("\n"),
    "",
    `${sentence(summary)}${root ? " As root." : ""}`,
    "",
    ...details.flatMap((paragraph) => [paragraph, ""]),
    ...(flags.length === 0 ? [] : [tableOf(["option", "does"], flags)]),
    ["```sh", ...examples, "```", ""].join("\n"),
  ].join("\n");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
