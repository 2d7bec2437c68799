import { Lexer } from "yaml";

/**
 * A list of 1024 clients with a label and a remark each has some 20 000. The YAML library compares every name of
 * a map with every other, so a file of nothing but names would keep it busy for long.
 */
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
