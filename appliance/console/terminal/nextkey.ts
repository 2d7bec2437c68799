import type { Terminal } from "./terminal.ts";

/** Redraw: what terminals and people send as Ctrl-L. */
export const REDRAW = "\u000c";
export const ESC = "\u001b";

/**
 * The next key: one character, or the whole sequence of an arrow key. A change of the terminal's size is given
 * as Ctrl-L. Undefined when the time is over first or nothing more can come.
 */
export function nextKey(
  { input, output, ended }: Terminal,
  timeout: number | undefined,
): Promise<string | undefined> {
  if (ended.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const timer = timeout === undefined ? undefined : setTimeout(() => end(undefined), timeout);
    const end = (key: string | undefined): void => {
      clearTimeout(timer);
      input.off("data", onKey);
      output.off("resize", onRedraw);
      if (output.painter === onRedraw) output.painter = undefined;
      ended.removeEventListener("abort", onEnd);
      input.pause();
      resolve(key);
    };
    const onKey = (bytes: Buffer): void => {
      const keys = bytes.toString("utf8");
      const key = keys.startsWith(ESC) ? keys : keys.slice(0, 1);
      end(key);
      // What was typed ahead waits for its turn.
      if (keys.length > key.length) input.unshift(Buffer.from(keys.slice(key.length)));
    };
    const onRedraw = (): void => end(REDRAW);
    const onEnd = (): void => end(undefined);
    input.on("data", onKey);
    output.on("resize", onRedraw);
    output.painter = onRedraw;
    ended.addEventListener("abort", onEnd, { once: true });
    input.resume();
  });
}
