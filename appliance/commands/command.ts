import type { Release } from "../release.ts";
import type { System } from "../system/system.ts";

/** One flag. With `argument` it takes a value: `--timeout SECONDS`. */
export interface Option {
  name: string;
  argument?: string;
  summary: string;
}

/** What a command was called with. */
export interface Arguments {
  flags: ReadonlySet<string>;
  values: ReadonlyMap<string, string>;
  rest: readonly string[];
}

export interface CommandContext {
  system: System;
  release: Release;
  /** One line, or several with line feeds between, on standard output. */
  print(text: string): void;
}

/** @returns the exit code. */
export type RunCommand = (context: CommandContext, args: Arguments) => Promise<number>;

/**
 * One posternctl command: the help, the man page, the page in docs/ and the parsing of its arguments are all
 * made from this. Its code is loaded only when it runs.
 */
export interface Command {
  name: string;
  /** As in a usage line: `[FILE]`, `A B`. */
  positionals: string;
  /** How many there may be. */
  count: readonly [fewest: number, most: number];
  options: readonly Option[];
  summary: string;
  /** Paragraphs, one line each; they are wrapped where they are shown. */
  details: readonly string[];
  examples: readonly string[];
  /** Reads or writes what only root may. */
  root: boolean;
  load(): Promise<{ run: RunCommand }>;
}
