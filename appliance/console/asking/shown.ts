import type { Prompt } from "@clack/core";
import { CLEAR, type Terminal, type TerminalOutput } from "../terminal/terminal.ts";
import type { Answer } from "./asker.ts";
import { type Page, pageText } from "./frame.ts";

/** Milliseconds between two looks at what changes by itself. */
const LOOK_AGAIN = 1000;

/** What every prompt is made with. */
export interface PromptOptions {
  input: Terminal["input"];
  output: TerminalOutput;
  signal: AbortSignal;
}

/** What the prompts have in common. */
export type AnyPrompt = Pick<Prompt<unknown>, "prompt" | "state" | "on">;

/** A question on the screen. */
export class Shown {
  readonly #terminal: Terminal;
  readonly #header: string;
  readonly #signal: AbortSignal;
  /** How often Tab was pressed. */
  #turns = 0;
  #isBlank = false;

  /** @param signal ends the question without an answer. */
  constructor(terminal: Terminal, header: string, signal: AbortSignal) {
    this.#terminal = terminal;
    this.#header = header;
    this.#signal = signal;
  }

  get columns(): number {
    return this.#terminal.output.columns - 1;
  }

  /** The page as a prompt's frame. */
  frame(page: Omit<Page, "header" | "turns">): string {
    if (this.#isBlank) return "";
    return pageText({ ...page, header: this.#header, turns: this.#turns }, this.#terminal.output);
  }

  /**
   * Shows a prompt until it is answered, and draws it again when the terminal or what it shows has changed.
   *
   * @param look what settles the question by itself, or undefined.
   * @returns the prompt's last state, and what has settled it.
   */
  async run<T>(
    make: (options: PromptOptions) => AnyPrompt,
    look: () => Promise<{ value: T } | undefined> = async () => undefined,
  ): Promise<{ state: string; settled: { value: T } | undefined }> {
    const { input, output } = this.#terminal;
    const own = new AbortController();
    const end = (): void => own.abort();
    this.#signal.addEventListener("abort", end, { once: true });
    if (this.#signal.aborted) end();
    const prompt = make({ input, output, signal: own.signal });
    prompt.on("key", (_character, { name }) => {
      if (name === "tab") this.#turns++;
    });
    output.painter = () => this.#paint();
    let settled: { value: T } | undefined;
    let isOver = false;
    const timer = setInterval(async () => {
      const found = await look().catch(() => undefined);
      if (isOver) return;
      settled ??= found;
      if (settled === undefined) this.#draw();
      else end();
    }, LOOK_AGAIN);
    output.write(CLEAR);
    await prompt.prompt();
    isOver = true;
    clearInterval(timer);
    output.painter = undefined;
    this.#signal.removeEventListener("abort", end);
    return { state: prompt.state, settled: this.#signal.aborted ? undefined : settled };
  }

  answer<T>(state: string, value: T, typed = ""): Answer<T> {
    if (this.#signal.aborted) return { kind: "gone" };
    return state === "submit" ? { kind: "value", value } : { kind: "back", typed };
  }

  /** A prompt draws itself when the size changes, and only what differs from before. */
  #draw(): void {
    this.#terminal.output.emit("resize");
  }

  /** Everything anew: an empty frame in between makes all of it differ. */
  #paint(): void {
    this.#terminal.output.write(CLEAR);
    this.#isBlank = true;
    this.#draw();
    this.#isBlank = false;
    this.#draw();
  }
}
