import type { Socket } from "node:net";
import { createStripper } from "./ansi.ts";
import { type Match, Transcript } from "./expect.ts";
import { KEYS, type Key } from "./keys.ts";
import { STEP_PATIENCE } from "./patience.ts";

export interface ExpectOptions {
  /** Milliseconds. */
  timeout?: number;
  /** What is waited for, in words, for the error. */
  label?: string;
}

export interface SerialOptions {
  /** Where QEMU writes the raw bytes. */
  log: string;
  /** Called when an expectation fails; returns where the screenshot lies. */
  onFailure?: () => Promise<string | undefined>;
}

/** A serial console: waits for text with the control sequences taken out, and types. */
export interface Serial {
  /** Resolves with the next match after the last one; rejects with the last lines on timeout or hang-up. */
  expect(pattern: string | RegExp, options?: ExpectOptions): Promise<Match>;
  send(text: string): void;
  /** Text and the Enter key. */
  line(text: string): void;
  key(...keys: readonly Key[]): void;
  /** Forgets what came and was not matched. */
  skip(): void;
  /** All text so far, without control sequences. */
  text(): string;
}

const SHOWN_LINES = 30;

/** Drives the console behind a connected socket. */
export function serialOver(socket: Socket, options: SerialOptions): Serial {
  const transcript = new Transcript();
  const strip = createStripper();
  const decoder = new TextDecoder();
  const waiters = new Set<() => void>();
  let hungUp = false;

  const wake = (): void => {
    for (const waiter of [...waiters]) waiter();
  };
  socket.on("data", (bytes) => {
    transcript.append(strip(decoder.decode(bytes, { stream: true })));
    wake();
  });
  socket.on("close", () => {
    hungUp = true;
    wake();
  });

  async function expect(pattern: string | RegExp, { timeout = STEP_PATIENCE, label }: ExpectOptions = {}) {
    const found = await new Promise<Match | "late" | "closed">((resolve) => {
      const timer = setTimeout(() => settle("late"), timeout);
      const settle = (result: Match | "late" | "closed"): void => {
        clearTimeout(timer);
        waiters.delete(attempt);
        resolve(result);
      };
      const attempt = (): void => {
        const match = transcript.take(pattern);
        if (match !== undefined) settle(match);
        else if (hungUp) settle("closed");
      };
      waiters.add(attempt);
      attempt();
    });
    if (typeof found === "object") return found;
    const screenshot = found === "late" ? await options.onFailure?.() : undefined;
    const what = label ?? String(pattern);
    const why =
      found === "late" ? `not seen after ${timeout / 1000} s` : "the machine hung up before it came";
    const places = [
      "a failed test keeps these in tests/boot/logs/:",
      `serial log: ${options.log}`,
      ...(screenshot ? [`screenshot: ${screenshot}`] : []),
    ];
    throw new Error(
      `${what}: ${why}\n${places.join("\n")}\nlast lines:\n${transcript.lastLines(SHOWN_LINES)}`,
    );
  }

  const send = (text: string): void => {
    socket.write(text);
  };
  return {
    expect,
    send,
    line: (text) => send(`${text}${KEYS.enter}`),
    key: (...keys) => send(keys.map((key) => KEYS[key]).join("")),
    skip: () => transcript.skip(),
    text: () => transcript.text,
  };
}
