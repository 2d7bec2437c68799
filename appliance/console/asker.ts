/** What came of a question. `gone`: another console answered them all meanwhile. */
export type Answer<T> = { kind: "value"; value: T } | { kind: "back"; typed: string } | { kind: "gone" };

export interface Choice<T> {
  value: T;
  label: string;
  hint?: string;
}

export interface ChooseQuestion<T> {
  title: string;
  /** Why it is asked, what is known: at most ten short lines. */
  lines: readonly string[];
  /** Looks at the lines again, for what changes by itself: the link of a card, an address. */
  look?(): Promise<readonly string[]>;
  choices: readonly Choice<T>[];
  /** Index of the choice that Enter takes. */
  initial?: number;
}

/** What is said below the text while it is typed. A problem keeps Enter from taking it. */
export interface Look {
  problem?: string;
  note?: string;
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
  text(question: TextQuestion): Promise<Answer<string>>;
  /** Begins a page that lines are printed on. */
  page(title: string): void;
  print(line: string): void;
  /** Drops what was typed ahead: an impatient Enter must not answer a question that nobody has read. */
  forget(): void;
}
