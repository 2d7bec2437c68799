import { tapResult } from "./tap.ts";

/** A failed test, and what TAP says below it about the why. */
interface Failure {
  title: string;
  lines: string[];
}

/** Enough for an assertion, its message and its place; a difference may go on for pages. */
const MOST_LINES = 14;
const MOST_CHARACTERS = 240;

/** Remembers the failed tests among lines of TAP, to name them again where a reader of a long run looks first. */
export function failureCollector(): { take(line: string): void; text(): string } {
  const failures: Failure[] = [];
  let open: Failure | undefined;
  return {
    take(line) {
      const result = tapResult(line);
      if (result !== undefined) open = undefined;
      if (result === "failed") {
        open = { title: line, lines: [] };
        failures.push(open);
      } else if (open !== undefined) {
        if (open.lines.length < MOST_LINES) open.lines.push(cut(line));
        // The end of TAP's YAML block, also behind the name of the file it came from.
        if (/(^|\s)\.\.\.$/.test(line)) open = undefined;
      }
    },
    text: () => failures.map(({ title, lines }) => `${[title, ...lines].join("\n")}\n`).join(""),
  };
}

function cut(line: string): string {
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS - 1)}…` : line;
}
