/** What came of a question. `gone`: another console answered them all meanwhile. */
export type Answer<T> = { kind: "value"; value: T } | { kind: "back"; typed: string } | { kind: "gone" };

export interface Choice<T> {
  value: T;
  label: string;
  hint?: string;
}

/** What a question shows by now: the link of a card, an address, the seconds that are left. */
export interface Seen<T> {
  lines: readonly string[];
  /** As many as before, in the same order. */
  choices?: readonly Choice<T>[];
  /** Index of the choice to stand on, as long as no key was pressed. */
  prefer?: number;
  /** The question has settled itself. */
  settled?: { value: T };
}

export interface ChooseQuestion<T> {
  title: string;
  /** Why it is asked, what is known; the most important first. */
  lines: readonly string[];
  /** Looks again, about once a second. */
  look?(): Promise<Seen<T>>;
  choices: readonly Choice<T>[];
  /** Index of the choice that Enter takes. */
  initial?: number;
  /** The number of a line takes it at once, without Enter. */
  isOneKey?: boolean;
}

/** What is said below an answer while it is given. A problem keeps Enter from taking it. */
export interface Look {
  problem?: string;
  note?: string;
}

/** A question with any number of answers. */
export interface PickQuestion<T> {
  title: string;
  lines: readonly string[];
  choices: readonly Choice<T>[];
  /** What is marked already. */
  initial: readonly T[];
  look?(picked: readonly T[]): Look;
}

export interface TextQuestion {
  title: string;
  /** As for a choice; a function where they change while it is asked. */
  lines: readonly string[] | (() => readonly string[]);
  /** What stands there already. */
  initial?: string;
  isSecret?: boolean;
  look(text: string): Look;
}

/** The lines of a question now. */
export function linesNow({ lines }: TextQuestion): readonly string[] {
  return typeof lines === "function" ? lines() : lines;
}

/** Asks a person, by a screen or by plain lines. */
export interface Asker {
  choose<T>(question: ChooseQuestion<T>): Promise<Answer<T>>;
  pick<T>(question: PickQuestion<T>): Promise<Answer<readonly T[]>>;
  text(question: TextQuestion): Promise<Answer<string>>;
  /** Begins a page that lines are printed on. */
  page(title: string): void;
  print(line: string): void;
  /** Drops what was typed ahead: an impatient Enter must not answer a question that nobody has read. */
  forget(): void;
}
