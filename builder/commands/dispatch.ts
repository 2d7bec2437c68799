import { readFile } from "node:fs/promises";
import { type Problem, problemsError } from "../../appliance/settings/problem.ts";
import project from "../../package.json" with { type: "json" };
import { PosternError } from "../error.ts";
import { didYouMean } from "../recipe/nearest.ts";
import type { Command, World } from "./command.ts";
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
    const [topic] = rest;
    world.stdout.write(await helpText(topic !== undefined && isCommand(topic) ? topic : "postern"));
    return 0;
  }
  if (!isCommand(name)) throw unknownCommand(name);
  if (asksHelp(rest)) {
    world.stdout.write(await helpText(name));
    return 0;
  }
  const command: Command = await COMMANDS[name]();
  const parsed = parseArguments(rest, command.flags);
  const problems = [...parsed.problems, ...surplus(parsed.words, command)];
  if (problems.length > 0 && command.checksFlags !== true) {
    throw problemsError("input.flags", `postern ${name}`, problems, `./postern ${name} --help`);
  }
  return command.run({ ...parsed, problems, world, signal });
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

/** The help texts are plain files, because ./postern prints them too, before there is a Node to ask. */
export function helpText(topic: string): Promise<string> {
  return readFile(new URL(`help/${topic}.txt`, import.meta.url), "utf8");
}
