import { readFile } from "node:fs/promises";
import { type Problem, problemsError } from "../../appliance/settings/problem.ts";
import project from "../../package.json" with { type: "json" };
import { PosternError } from "../error.ts";
import { didYouMean } from "../recipe/nearest.ts";
import type { Command, CommandGroup, World } from "./command.ts";
import { reportFailure } from "./failure.ts";
import { parseArguments } from "./flags.ts";
import { onInterrupt } from "./interrupt.ts";
import { COMMANDS, isCommand } from "./registry.ts";

const HELP_WORDS = ["help", "--help", "-h"];

/** Runs one command line. @returns the exit code. */
export async function runCli(args: readonly string[], world: World): Promise<number> {
  const { signal, done } = onInterrupt();
  try {
    return await dispatch(args, world, signal);
  } catch (error) {
    return reportFailure(world, args.includes("--json"), signal.aborted ? signal.reason : error);
  } finally {
    done();
  }
}

async function dispatch(args: readonly string[], world: World, signal: AbortSignal): Promise<number> {
  const [name = "help", ...rest] = args;
  if (name === "--version") {
    world.stdout.write(`postern ${project.version}\n`);
    return 0;
  }
  if (HELP_WORDS.includes(name)) {
    world.stdout.write(await helpText(await topicOf(rest)));
    return 0;
  }
  if (!isCommand(name)) throw unknownCommand(name);
  const found: Command | CommandGroup = await COMMANDS[name]();
  if (!("members" in found)) return runCommand(name, found, rest, world, signal);
  const [word = "", ...others] = rest;
  const member = memberOf(found, word);
  if (member !== undefined) return runCommand(`${name} ${word}`, await member(), others, world, signal);
  if (!asksHelp(rest) && word !== "help") throw unknownMember(name, word, found);
  world.stdout.write(await helpText(name));
  return 0;
}

async function runCommand(
  name: string,
  command: Command,
  args: readonly string[],
  world: World,
  signal: AbortSignal,
): Promise<number> {
  if (asksHelp(args)) {
    world.stdout.write(await helpText(name));
    return 0;
  }
  const parsed = parseArguments(args, command.flags);
  const problems = [...parsed.problems, ...surplus(parsed.words, command)];
  if (problems.length > 0 && command.checksFlags !== true) {
    throw problemsError("input.flags", `postern ${name}`, problems, `./postern ${name} --help`);
  }
  return command.run({ ...parsed, problems, world, signal });
}

/** What `help WORD [WORD]` asks for; the overview where there is no such command. */
async function topicOf([name = "", word = ""]: readonly string[]): Promise<string> {
  if (!isCommand(name)) return "postern";
  const found: Command | CommandGroup = await COMMANDS[name]();
  return "members" in found && memberOf(found, word) !== undefined ? `${name} ${word}` : name;
}

function memberOf({ members }: CommandGroup, word: string): (() => Promise<Command>) | undefined {
  return Object.hasOwn(members, word) ? members[word] : undefined;
}

function asksHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end).some((word) => word === "--help" || word === "-h");
}

function surplus(words: readonly string[], { words: allowed }: Command): Problem[] {
  const expected = allowed === undefined ? "only flags" : `at most ${allowed.most} ${allowed.what}`;
  return words.slice(allowed?.most ?? 0).map((word) => ({ path: word, expected, got: "one word more" }));
}

function unknownCommand(name: string): PosternError {
  return new PosternError({
    code: "input.command",
    message: `there is no command ${JSON.stringify(name)}${didYouMean(name, Object.keys(COMMANDS))}`,
    hint: "./postern alone prints the commands.",
  });
}

function unknownMember(name: string, word: string, { what, members }: CommandGroup): PosternError {
  const names = Object.keys(members);
  const got = word === "" || word.startsWith("-") ? "none" : JSON.stringify(word);
  return new PosternError({
    code: "input.command",
    message: `./postern ${name} takes a ${what} first: ${names.join(", ")}; got ${got}${didYouMean(word, names)}`,
    hint: `./postern ${name} --help prints what each does.`,
  });
}

/** The help texts are plain files, because ./postern prints them too, before there is a Node to ask. */
export function helpText(topic: string): Promise<string> {
  return readFile(new URL(`help/${topic.replace(" ", "-")}.txt`, import.meta.url), "utf8");
}
