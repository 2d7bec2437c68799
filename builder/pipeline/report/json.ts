import type { Reporter } from "./events.ts";

/** One event a line, as JSON. The stream must be written in order and whole, or a reader gets half a line. */
export function jsonReporter(write: (text: string) => void): Reporter {
  return {
    emit: (event) => write(`${JSON.stringify(event)}\n`),
    close: () => undefined,
  };
}
