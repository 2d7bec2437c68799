import type { Terminal } from "./terminal.ts";

const BACKSPACE = ["\u0008", "\u007f"];
const CTRL_U = "\u0015";
const CTRL_L = "\u000c";
const ESC = "\u001b";

/** Milliseconds between two looks at what changes by itself. */
const LOOK_AGAIN = 1000;

/** What came instead of a line: Esc or the end of the terminal, Ctrl-L, or what was waited for beside it. */
export type Line = { kind: "line"; text: string } | { kind: "back" | "again" | "interrupted" };

export interface LineOptions {
  isSecret: boolean;
  signal: AbortSignal;
  /** Looked at from time to time as long as nothing was typed; true ends the reading. */
  isInterrupted?(isTouched: boolean): Promise<boolean>;
}

/** One line, echoed here because the terminal is raw. */
export function readLine(
  { input, output }: Terminal,
  { isSecret, signal, isInterrupted }: LineOptions,
): Promise<Line> {
  return new Promise((resolve) => {
    let line = "";
    let isTouched = false;
    let isOver = false;
    const end = (result: Line): void => {
      if (isOver) return;
      isOver = true;
      input.off("data", onKey);
      signal.removeEventListener("abort", onGone);
      clearInterval(timer);
      input.pause();
      output.write("\n");
      resolve(result);
    };
    const onGone = (): void => end({ kind: "back" });
    const onKey = (bytes: Buffer): void => {
      const key = bytes.toString("utf8");
      isTouched = true;
      if (key === "\r" || key === "\n") end({ kind: "line", text: line });
      else if (key === ESC) end({ kind: "back" });
      else if (key === CTRL_L) end({ kind: "again" });
      else if (!key.startsWith(ESC))
        for (const character of key) line = typed(line, character, isSecret, output);
    };
    const timer =
      isInterrupted === undefined
        ? undefined
        : setInterval(async () => {
            if (await isInterrupted(isTouched).catch(() => false)) end({ kind: "interrupted" });
          }, LOOK_AGAIN);
    signal.addEventListener("abort", onGone, { once: true });
    input.on("data", onKey);
    input.resume();
    if (signal.aborted) onGone();
  });
}

function typed(line: string, character: string, isSecret: boolean, output: Terminal["output"]): string {
  const erase = isSecret ? "" : "\b \b";
  if (character === CTRL_U) {
    output.write(erase.repeat(line.length));
    return "";
  }
  if (BACKSPACE.includes(character)) {
    if (line !== "") output.write(erase);
    return line.slice(0, -1);
  }
  if (character < " ") return line;
  // What the line's terminal cannot surely show is still taken.
  if (!isSecret) output.write(character > "~" ? "?" : character);
  return line + character;
}
