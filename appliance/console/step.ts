import type { Parsed } from "../network/address.ts";
import type { System } from "../system/system.ts";
import type { Asker, Look, TextQuestion } from "./asker.ts";
import { type Draft, words } from "./draft.ts";

export interface StepContext {
  system: System;
  asker: Asker;
}

/** How a step ended, with what is known now; `back` keeps what was typed. */
export interface StepResult {
  way: "next" | "back" | "gone";
  draft: Draft;
}

/** One question, or a few that belong together. */
export interface Step {
  /** The part of the review it belongs to. */
  part: "name" | "network" | "clients" | "admin" | "defender" | "time";
  /** Whether it is asked at all. */
  applies(draft: Draft, context: StepContext): boolean | Promise<boolean>;
  ask(draft: Draft, context: StepContext): Promise<StepResult>;
}

/** A step of one text whose answer goes into the draft. */
export async function askText(
  draft: Draft,
  { asker }: StepContext,
  question: TextQuestion,
  store: (text: string) => Partial<Draft>,
): Promise<StepResult> {
  const answer = await asker.text(question);
  if (answer.kind === "gone") return { way: "gone", draft };
  const text = (answer.kind === "back" ? answer.typed : answer.value).trim();
  if (answer.kind === "back" && text === "") return { way: "back", draft };
  return { way: answer.kind === "back" ? "back" : "next", draft: { ...draft, ...store(text) } };
}

/** A look at one text by its parser. */
export function lookBy(
  parse: (text: string) => Parsed<string>,
  note?: (value: string) => string,
): (text: string) => Look {
  return (text) => {
    const parsed = parse(text.trim());
    if (!parsed.ok) return { problem: parsed.problem };
    return note === undefined ? {} : { note: note(parsed.value) };
  };
}

/** A look at words with spaces between them, each by its parser. */
export function lookByWord(parse: (text: string) => Parsed<string>, fewest: number): (text: string) => Look {
  return (text) => {
    const all = words(text);
    for (const word of all) {
      const parsed = parse(word);
      if (!parsed.ok) return { problem: all.length === 1 ? parsed.problem : `${word}: ${parsed.problem}` };
    }
    if (all.length < fewest) return { problem: "at least one" };
    return {};
  };
}
