import { Lexer } from "yaml";

/** A list of 1024 clients with a label and two remarks each has 24 000. */
export const MOST_TOKENS = 40_000;

/** Whether a text has more parts than any settings; it stops counting there. */
export function hasTooManyTokens(text: string): boolean {
  let count = 0;
  for (const _ of new Lexer().lex(text)) {
    count++;
    if (count > MOST_TOKENS) return true;
  }
  return false;
}
