import { parseArgs } from "node:util";
import type { Outcome } from "./apply/journal.ts";
import { COMMANDS, type CommandName, commandHelp, helpText } from "./commands/commands.ts";
import { EXIT_CODES, EXIT_INTERRUPTED, PosternError } from "./error.ts";
import { readRelease } from "./release.ts";
import { realSystem } from "./system/node.ts";

/*
 * The entry of posternctl. Only what every command needs is loaded here: on a slow machine the first line on
 * the screen must not wait for the rest.
 */

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const OUTCOMES = {
  nothing: "Nothing was interrupted.",
  undone: "The previous settings are back.",
  finished: "The interrupted change is finished.",
} as const satisfies Record<Outcome, string>;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(helpText());
    return name === undefined ? EXIT_CODES.input : 0;
  }
  const command = COMMANDS.find((one) => one.name === (name === "--version" ? "version" : name));
  if (command === undefined) throw usageError(`There is no command ${name}.`);
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(commandHelp(command));
    return 0;
  }
  if (command.root && process.getuid?.() !== 0) {
    throw new PosternError({
      code: "input.root",
      message: `posternctl ${name} needs root.`,
      hint: `sudo posternctl ${args.join(" ")}`,
    });
  }
  return run(command.name, rest);
}

async function run(name: CommandName, args: readonly string[]): Promise<number> {
  const system = realSystem();
  const release = readRelease(system.paths);
  if (name === "version") {
    print(release.version);
    return 0;
  }
  if (name === "setup") {
    const isPlain = options(args, ["plain"], 0).flags.has("plain");
    const { setupCommand } = await import("./commands/setup.ts");
    return setupCommand(system, release, isPlain);
  }
  if (name === "apply") {
    const [file] = options(args, [], 1).files;
    const { applyCommand } = await import("./commands/apply.ts");
    return applyCommand(system, file, print);
  }
  if (name === "recover") {
    options(args, [], 0);
    const { recover } = await import("./apply/recover.ts");
    print(OUTCOMES[await recover(system)]);
    return 0;
  }
  const isJson = options(args, ["json"], 0).flags.has("json");
  const look = await import("./commands/look.ts");
  if (name === "check") return look.checkCommand(system, isJson, print);
  return look.statusCommand(system, release, isJson, print);
}

/** The flags that are set, and at most so many files. */
function options(args: readonly string[], flags: readonly string[], mostFiles: number) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(flags.map((flag) => [flag, { type: "boolean" as const }])),
      allowPositionals: mostFiles > 0,
    });
    if (positionals.length > mostFiles)
      throw usageError(`${positionals[mostFiles]} is one argument too many.`);
    return { flags: new Set(Object.keys(values)), files: positionals };
  } catch (error) {
    if (error instanceof PosternError) throw error;
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

function usageError(message: string): PosternError {
  return new PosternError({
    code: "input.arguments",
    message,
    hint: "posternctl --help lists the commands.",
  });
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
