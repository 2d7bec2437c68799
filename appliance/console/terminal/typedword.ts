import { ESC, nextKey, REDRAW } from "./nextkey.ts";
import type { Terminal } from "./terminal.ts";

const BACKSPACE = ["\u0008", "\u007f"];
const MOST = 200;

/**
 * One line in plain mode, echoed here because the terminal is raw. Undefined for Esc and when nothing more can
 * come.
 */
export async function typedWord(terminal: Terminal, prompt: string): Promise<string | undefined> {
  const { output } = terminal;
  output.write(prompt);
  let word = "";
  for (;;) {
    const key = await nextKey(terminal, undefined);
    if (key === REDRAW) continue;
    const isEnd = key === undefined || key === ESC || key === "\r" || key === "\n";
    if (isEnd) {
      output.write("\n");
      return key === undefined || key === ESC ? undefined : word;
    }
    if (BACKSPACE.includes(key)) {
      if (word !== "") output.write("\b \b");
      word = word.slice(0, -1);
    } else if (/^[ -~]$/.test(key) && word.length < MOST) {
      output.write(key);
      word += key;
    }
  }
}
