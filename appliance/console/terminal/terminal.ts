import { writeSync } from "node:fs";
import { type PassThrough, type Readable, Writable } from "node:stream";
import { ReadStream } from "node:tty";
import { keysOf } from "./keys.ts";

/** A terminal that prompts can read from and draw on. Sizes are in characters. */
export interface Terminal {
  input: PassThrough;
  output: TerminalOutput;
  /** Aborted when nothing more can be typed: the line is gone, the session was closed. */
  ended: AbortSignal;
  /** It can only print lines: no cursor movement. */
  isPlain: boolean;
  /** Gives it back as it was found. */
  close(): void;
}

/** A serial line does not know its size; every terminal of the last forty years has at least this. */
const COLUMNS = 80;
const ROWS = 24;

export const CLEAR = "\u001b[2J\u001b[H";
const SHOW_CURSOR = "\u001b[?25h";
const PLAIN_COLOURS = "\u001b[0m";

interface Size {
  columns: number;
  rows: number;
}

/** The output with a size that can be trusted, as prompts ask for it. */
export class TerminalOutput extends Writable {
  readonly isTTY = true;
  columns = COLUMNS;
  rows = ROWS;
  /** Draws the whole page anew: after another size, and for Ctrl-L. */
  painter: (() => void) | undefined;
  readonly #target: Writable;

  /** @param target a terminal, or anything that can be written to; its size is read where it has one. */
  constructor(target: Writable & Partial<Size>) {
    super({ decodeStrings: false });
    this.#target = target;
    const measure = (): void => {
      const { columns = 0, rows = 0 } = target;
      this.columns = columns > 20 ? columns : COLUMNS;
      this.rows = rows > 4 ? rows : ROWS;
    };
    measure();
    target.on("resize", () => {
      measure();
      this.painter?.();
    });
  }

  override _write(
    chunk: string | Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    // A fault is told by the target itself.
    this.#target.write(chunk, () => done());
  }
}

export interface TerminalOptions {
  input: Readable;
  output: Writable;
  isPlain: boolean;
  onInterrupt(): void;
}

/** Takes a terminal over: every key comes at once and unechoed until `close`, or until the process ends. */
export function openTerminal({ input, output, isPlain, onInterrupt }: TerminalOptions): Terminal {
  const setRaw = (isRaw: boolean): void => {
    if (input instanceof ReadStream) input.setRawMode(isRaw);
  };
  setRaw(true);
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    process.off("exit", close);
    try {
      setRaw(false);
      // Written at once: at the end of the process nothing that is queued would still go out.
      if (!isPlain && output === process.stdout) writeSync(1, SHOW_CURSOR + PLAIN_COLOURS);
    } catch {
      // The line is gone, and with it what was to be restored.
    }
  };
  process.on("exit", close);
  // Writing to a line that went away fails as often as it is tried; that is no fault of the program.
  output.on("error", () => gone.abort());
  const gone = new AbortController();
  for (const event of ["end", "close", "error"] as const) input.once(event, () => gone.abort());
  const terminalOutput = new TerminalOutput(output);
  return {
    input: keysOf(input, { onInterrupt, onRedraw: () => terminalOutput.painter?.() }),
    output: terminalOutput,
    ended: gone.signal,
    isPlain,
    close,
  };
}

/** Drops every key that was typed and not yet asked for. */
export function forgetTyped({ input }: Terminal): void {
  while (input.read() !== null);
}
