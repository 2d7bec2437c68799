import { cut, plainText } from "../host/text.ts";

/** One thing that was looked at, and what is wrong with it: nothing when it is as it should be. */
export interface Check {
  /** What was looked at, as people read it: `VMDK: one end-of-stream marker`. */
  name: string;
  problems: readonly string[];
  /** Why it was not looked at after all, and how it could be. */
  leftOut?: string;
}

/** A broken table can have thousands of faults; the first few say which. */
const MOST_PROBLEMS = 10;
/** Names and texts of a broken file may be long, and may hold anything. */
const LONGEST_PROBLEM = 200;
const LONGEST_VALUE = 60;

/** A check that was made. Of many problems the first ten are kept, and how many more there are. */
export function check(name: string, problems: Iterable<string>): Check {
  const kept = new Kept();
  for (const problem of problems) kept.add(problem);
  return { name, problems: kept.texts() };
}

/** The same for problems that are found by reading on. */
export async function checkAll(name: string, problems: AsyncIterable<string>): Promise<Check> {
  const kept = new Kept();
  for await (const problem of problems) kept.add(problem);
  return { name, problems: kept.texts() };
}

/** A check that was not made. */
export function leftOut(name: string, why: string): Check {
  return { name, problems: [], leftOut: why };
}

/** Every problem with the name of its check. */
export function problemsOf(checks: readonly Check[]): string[] {
  return checks.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`));
}

/** `name is 2, not 3` for each that differs. */
export function* differences(wanted: Iterable<readonly [string, unknown, unknown]>): Generator<string> {
  for (const [name, is, should] of wanted) {
    if (is !== should) yield `${name} is ${shown(is)}, not ${shown(should)}`;
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(cut(value, LONGEST_VALUE)) : String(value);
}

class Kept {
  readonly #texts: string[] = [];
  #more = 0;

  add(problem: string): void {
    if (this.#texts.length < MOST_PROBLEMS) this.#texts.push(cut(plainText(problem), LONGEST_PROBLEM));
    else this.#more += 1;
  }

  texts(): string[] {
    return this.#more === 0 ? this.#texts : [...this.#texts, `and ${this.#more} more`];
  }
}
