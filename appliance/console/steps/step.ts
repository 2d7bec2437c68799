import type { Parsed } from "../../network/address.ts";
import type { System } from "../../system/system.ts";
import type { Asker, ChooseQuestion, Look, TextQuestion } from "../asking/asker.ts";
import { type Draft, words } from "../draft.ts";

export interface StepContext {
  system: System;
  asker: Asker;
  /** `tty1`, `ttyS0`: the machine's own console; undefined in a session. */
  line: string | undefined;
  /** Milliseconds after which a missing DHCP lease is spoken of. */
  leaseWait: number;
}

/** How a step ended, with what is known now; `back` keeps what was typed. */
export interface StepResult {
  way: "next" | "back" | "gone";
  draft: Draft;
}

/** One question, or a few that belong together. */
export interface Step {
  /** Whether it is asked at all; without it always. */
  applies?(draft: Draft, context: StepContext): boolean | Promise<boolean>;
  ask(draft: Draft, context: StepContext): Promise<StepResult>;
}

/** One text that goes into the draft. */
export interface TextStep extends TextQuestion {
  store(text: string): Partial<Draft>;
}

/** Asks for a text; with Esc it is kept for the next time, and the draft's own value stays. */
export async function askText(
  draft: Draft,
  { asker }: Pick<StepContext, "asker">,
  { store, ...question }: TextStep,
): Promise<StepResult> {
  const { title } = question;
  const { [title]: typed, ...unfinished } = draft.unfinished;
  const answer = await asker.text({ ...question, initial: typed ?? question.initial ?? "" });
  if (answer.kind === "gone") return { way: "gone", draft };
  if (answer.kind === "value")
    return { way: "next", draft: { ...draft, unfinished, ...store(answer.value.trim()) } };
  const left = answer.typed.trim();
  const isChanged = left !== "" && left !== (question.initial ?? "");
  return {
    way: "back",
    draft: { ...draft, unfinished: isChanged ? { ...unfinished, [title]: left } : unfinished },
  };
}

/** Asks for one of a few values that goes into the draft. */
export async function askChoice<T>(
  draft: Draft,
  { asker }: Pick<StepContext, "asker">,
  question: ChooseQuestion<T>,
  store: (value: T) => Partial<Draft>,
): Promise<StepResult> {
  const answer = await asker.choose(question);
  if (answer.kind !== "value") return { way: answer.kind, draft };
  return { way: "next", draft: { ...draft, ...store(answer.value) } };
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

/** The same for a text that may be empty. */
export function lookIfAny(look: (text: string) => Look, note?: string): (text: string) => Look {
  return (text) => (text.trim() === "" ? (note === undefined ? {} : { note }) : look(text));
}

/** A look at words with spaces between them, each by its parser. */
export function lookByWord(parse: (text: string) => Parsed<string>, fewest: number): (text: string) => Look {
  return (text) => {
    const all = words(text);
    const canonical: string[] = [];
    for (const word of all) {
      const parsed = parse(word);
      if (!parsed.ok) return { problem: all.length === 1 ? parsed.problem : `${word}: ${parsed.problem}` };
      if (canonical.includes(parsed.value)) return { problem: `each value once; ${word} is there twice` };
      canonical.push(parsed.value);
    }
    if (all.length < fewest) return { problem: "at least one" };
    return {};
  };
}

/** Words in the form that the settings keep. */
export function canonicalWords(parse: (text: string) => Parsed<string>, text: string): string {
  return words(text)
    .map((word) => canonical(parse, word))
    .join(" ");
}

/** A text in the form that the settings keep. */
export function canonical(parse: (text: string) => Parsed<string>, text: string): string {
  const parsed = parse(text);
  return parsed.ok ? parsed.value : text;
}
