import { PassThrough, Writable } from "node:stream";
import { Screen } from "./screen.ts";

/** Milliseconds that a text may take to appear; hashing a password and loading code are the slow parts. */
const PATIENCE = 60_000;

/** A person at a terminal: types keys, looks at the picture. */
export class Person {
  readonly input = new PassThrough();
  readonly output: Writable;
  readonly screen: Screen;
  /** Everything that was ever printed. */
  raw = "";
  #watchers = new Set<() => void>();

  constructor(columns = 80, rows = 24) {
    this.screen = new Screen(columns, rows);
    const writable = new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        this.raw += chunk.toString();
        this.screen.write(chunk.toString());
        done();
        for (const watcher of this.#watchers) watcher();
      },
    });
    this.output = Object.assign(writable, { columns, rows });
  }

  type(keys: string): void {
    this.input.write(keys);
  }

  /** Waits until something new is printed, or a moment: not every key changes the picture. */
  calm(moment = 20): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(end);
        setImmediate(resolve);
      };
      const timer = setTimeout(end, moment);
      this.#watchers.add(end);
    });
  }

  /** Waits until a text is on the screen. */
  see(text: string): Promise<void> {
    return this.#until(() => this.screen.text.includes(text), `"${text}"`);
  }

  /** Waits until a text has been printed after the last one that was read this way: for plain lines. */
  async read(text: string): Promise<void> {
    await this.#until(() => this.raw.includes(text, this.#readTo), `"${text}"`);
    this.#readTo = this.raw.indexOf(text, this.#readTo) + text.length;
  }
  #readTo = 0;

  #until(isThere: () => boolean, what: string): Promise<void> {
    if (isThere()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
      };
      const watcher = (): void => {
        if (!isThere()) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`waited for ${what}; the screen shows:\n${this.screen.text}`));
      }, PATIENCE);
      this.#watchers.add(watcher);
    });
  }
}

export const KEYS = {
  enter: "\r",
  esc: "\u001b",
  up: "\u001b[A",
  down: "\u001b[B",
  clear: "\u0015",
  interrupt: "\u0003",
} as const;
