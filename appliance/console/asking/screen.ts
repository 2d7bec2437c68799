import { forgetTyped, type Terminal } from "../terminal/terminal.ts";
import type { Asker } from "./asker.ts";
import { askChoiceOn, askPickOn } from "./listscreen.ts";
import { printedPage } from "./printed.ts";
import { Shown } from "./shown.ts";
import { askTextOn } from "./textscreen.ts";

/**
 * Asks on a screen: one question a page, drawn by clack's prompts. Plain ASCII, no more than bold and inverse
 * for looks, and a mark beside everything that is inverse.
 */
export function screenAsker(terminal: Terminal, header: string, signal: AbortSignal): Asker {
  const printed = printedPage(terminal.output, header);
  const shown = (): Shown => new Shown(terminal, header, signal);
  return {
    choose: (question) => askChoiceOn(shown(), question),
    pick: (question) => askPickOn(shown(), question),
    text: (question) => askTextOn(shown(), question),
    page: (title) => printed.begin(title),
    print: (line) => printed.print(line),
    forget: () => forgetTyped(terminal),
  };
}
