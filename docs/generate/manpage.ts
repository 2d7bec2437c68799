import type { Command } from "../../appliance/commands/command.ts";
import { EXITS, fill, usageText } from "../../appliance/commands/help.ts";
import { COMMANDS } from "../../appliance/commands/registry.ts";
import { SETTINGS } from "../../appliance/paths.ts";

/** docs/posternctl.8, in the macros of man(7): every man reads them. It bears no date, so that it stays the same. */
export function manPage(): string {
  return [
    '.\\" Made by npm run docs. Do not edit.',
    '.TH POSTERNCTL 8 "" Postern "Postern appliance"',
    ".SH NAME",
    "posternctl \\- the settings and the state of a Postern appliance",
    ".SH SYNOPSIS",
    ...COMMANDS.flatMap((command) => [`.B ${roff(usageText(command))}`, ".br"]).slice(0, -1),
    ".SH DESCRIPTION",
    "Everything on the appliance is made from one settings file.",
    ".B posternctl",
    "puts it in force, says how the machine stands, and takes changes back.",
    ".SH COMMANDS",
    ...COMMANDS.flatMap(commandLines),
    ".SH EXIT STATUS",
    ...EXITS.flatMap(([code, meaning]) => [".TP", `.B ${code}`, textLine(meaning)]),
    ".SH FILES",
    ".TP",
    `.I ${roff(SETTINGS)}`,
    "The settings; docs/settings.md has every field.",
    "",
  ]
    .filter((line, index, all) => line !== "" || index === all.length - 1)
    .join("\n");
}

function commandLines(command: Command): string[] {
  const { summary, details, options, examples } = command;
  return [
    `.SS "${roff(usageText(command)).replaceAll('"', "\\(dq")}"`,
    ...textLines(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    ...details.flatMap((paragraph) => [".PP", ...textLines(paragraph)]),
    ...options.flatMap((option) => [
      ".TP",
      option.argument === undefined
        ? `.B \\-\\-${roff(option.name)}`
        : `.BI \\-\\-${roff(option.name)} " ${roff(option.argument)}"`,
      ...textLines(option.summary),
    ]),
    ...(examples.length === 0 ? [] : [".PP", examples.length === 1 ? "Example:" : "Examples:"]),
    ...(examples.length === 0 ? [] : [".PP", ".nf", ".RS 4", ...examples.map(textLine), ".RE", ".fi"]),
  ];
}

/** Hyphens as a shell wants them, and backslashes as themselves (groff_char(7)). */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-");
}

/** A paragraph in lines that are not too long for a mail. */
function textLines(text: string): string[] {
  return fill(text, 72).map(textLine);
}

/** A line of text: a dot or an apostrophe in front would make it a request. */
function textLine(text: string): string {
  const line = roff(text);
  return /^[.']/.test(line) ? `\\&${line}` : line;
}
