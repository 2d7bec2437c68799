import type { Problem } from "../../appliance/settings/problem.ts";
import { didYouMean } from "../recipe/nearest.ts";

/** A flag of a command. */
export type FlagSpec =
  | { name: string; kind: "switch" }
  | { name: string; kind: "text" }
  /** Words with commas between them; may be given several times. */
  | { name: string; kind: "list" }
  | { name: string; kind: "number"; least: number; most: number };

export type FlagValue = true | string | number | readonly string[];

export interface ParsedArguments {
  flags: Readonly<Record<string, FlagValue>>;
  /** What is no flag, in order. */
  words: readonly string[];
  /** Everything wrong with the command line. */
  problems: readonly Problem[];
}

/** `--name value` and `--name=value`; `--` ends the flags. Nothing is thrown: all problems are returned. */
export function parseArguments(args: readonly string[], specs: readonly FlagSpec[]): ParsedArguments {
  const flags: Record<string, FlagValue> = {};
  const words: string[] = [];
  const problems: Problem[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      words.push(...rest.splice(0));
    } else if (!word.startsWith("-") || word === "-") {
      words.push(word);
    } else {
      const equals = word.indexOf("=");
      const name = equals < 0 ? word : word.slice(0, equals);
      const inline = equals < 0 ? undefined : word.slice(equals + 1);
      const spec = specs.find((one) => one.name === name);
      if (spec === undefined) problems.push(unknownFlag(name, specs));
      else takeFlag(spec, inline, rest, flags, problems);
    }
  }
  return { flags, words, problems };
}

function takeFlag(
  spec: FlagSpec,
  inline: string | undefined,
  rest: string[],
  flags: Record<string, FlagValue>,
  problems: Problem[],
): void {
  const { name, kind } = spec;
  if (kind !== "list" && flags[name] !== undefined)
    problems.push({ path: name, expected: "only once", got: "it again" });
  if (kind === "switch") {
    if (inline !== undefined)
      problems.push({ path: name, expected: "no value", got: JSON.stringify(inline) });
    flags[name] = true;
    return;
  }
  // A value that looks like a flag is most likely the next flag: `--out --json`. `--out=--json` says it.
  const next = inline ?? (rest[0]?.startsWith("--") === true ? undefined : rest.shift());
  if (next === undefined || next === "") {
    problems.push({ path: name, expected: "a value", got: next === undefined ? "nothing" : '""' });
    return;
  }
  if (kind === "text") flags[name] = next;
  if (kind === "list") flags[name] = [...listFlag(flags, name), ...next.split(",").map((one) => one.trim())];
  if (kind === "number") {
    const value = /^\d{1,9}$/.test(next) ? Number(next) : Number.NaN;
    if (value >= spec.least && value <= spec.most) flags[name] = value;
    else {
      const expected = `a whole number from ${spec.least} to ${spec.most}`;
      problems.push({ path: name, expected, got: JSON.stringify(next) });
    }
  }
}

function unknownFlag(name: string, specs: readonly FlagSpec[]): Problem {
  const known = specs.map((spec) => spec.name);
  return { path: name, expected: `a flag of this command${didYouMean(name, known)}`, got: "an unknown one" };
}

type Flags = ParsedArguments["flags"];

export function textFlag(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

export function numberFlag(flags: Flags, name: string): number | undefined {
  const value = flags[name];
  return typeof value === "number" ? value : undefined;
}

export function listFlag(flags: Flags, name: string): readonly string[] {
  const value = flags[name];
  return typeof value === "object" ? value : [];
}

export function hasFlag(flags: Flags, name: string): boolean {
  return flags[name] !== undefined;
}
