import type { Arguments, CommandContext } from "../../../appliance/commands/command.ts";
import type { System } from "../../../appliance/system/system.ts";

/** What a command gets, and what it prints. */
export function commandContext(system: System): { context: CommandContext; printed: string[] } {
  const printed: string[] = [];
  const release = { version: "1.0.0", base: "debian-13" };
  return { context: { system, release, print: (text) => void printed.push(text) }, printed };
}

/** A command that is called with `--yes` and nothing else. */
export const YES: Arguments = { flags: new Set(["yes"]), values: new Map(), rest: [] };
