import type { BuildDescription, BuildHost } from "../pipeline/describe.ts";
import type { Output } from "../pipeline/report/choose.ts";
import type { ConnectAzure } from "../publish/azure/services.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { FlagSpec, ParsedArguments } from "./flags.ts";

/** What a command may use of the world around it. */
export interface World {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  stdout: Output;
  stderr: Output;
  /** Whether a person can answer a question. */
  canAsk: boolean;
  /** Writes a recipe down as stages. */
  describe(recipe: Recipe, host: BuildHost): Promise<BuildDescription>;
  /** Another Azure than the real one. */
  connectAzure?: ConnectAzure;
}

/** One call of a command. */
export interface Call extends ParsedArguments {
  world: World;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

export interface Command {
  flags: readonly FlagSpec[];
  /** Most words that are no flags; their name for messages. */
  words?: { most: number; what: string };
  /** Reports problems of the command line itself, together with those of the recipe. */
  checksFlags?: boolean;
  /** @returns the exit code. */
  run(call: Call): Promise<number>;
}

/** A command whose first word says which of several is meant: `publish azure`. Its help is `help/<name>-<word>.txt`. */
export interface CommandGroup {
  /** What the word names, for messages. */
  what: string;
  members: Readonly<Record<string, () => Promise<Command>>>;
}
