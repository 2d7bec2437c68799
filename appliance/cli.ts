import { parseArguments, usageError } from "./commands/arguments.ts";
import type { Command } from "./commands/command.ts";
import { commandHelp, helpText } from "./commands/help.ts";
import { COMMANDS } from "./commands/registry.ts";
import { EXIT_CODES, EXIT_INTERRUPTED, PosternError } from "./error.ts";
import { readRelease } from "./release.ts";
import { realSystem } from "./system/node.ts";

/*
 * The entry of posternctl. Only what every command needs is loaded here: on a slow machine the first line on
 * the screen must not wait for the rest.
 */

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === "help" && rest[0] !== undefined) {
    process.stdout.write(commandHelp(commandOf(rest[0])));
    return 0;
  }
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(helpText(COMMANDS));
    return name === undefined ? EXIT_CODES.input : 0;
  }
  const command = commandOf(name === "--version" ? "version" : name);
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(commandHelp(command));
    return 0;
  }
  const parsed = parseArguments(command, rest);
  if (command.root && process.getuid?.() !== 0) {
    throw new PosternError({
      code: "input.root",
      message: `posternctl ${name} needs root.`,
      hint: `sudo posternctl ${args.join(" ")}`,
    });
  }
  const system = realSystem();
  const { run } = await command.load();
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  return run({ system, release: readRelease(system.paths), print }, parsed);
}

function commandOf(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) throw usageError(`There is no command ${name}.`);
  return command;
}

// Folders that are made on the way must be readable for the programs they are for, whatever sudo had set.
process.umask(0o022);
process.on("SIGINT", () => process.exit(EXIT_INTERRUPTED));
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof PosternError)) throw error;
  process.stderr.write(`posternctl: ${error.message}\n  ${error.hint}\n  (${error.code})\n`);
  process.exitCode = error.exitCode;
}
