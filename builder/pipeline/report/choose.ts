import type { Reporter } from "./events.ts";
import { jsonReporter } from "./json.ts";
import { linesReporter } from "./lines.ts";
import { terminalReporter } from "./terminal.ts";

/** An output stream, as far as reporters need it. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

const USUAL_COLUMNS = 80;

/**
 * `--json` goes to standard output, for programs; what people follow goes to standard error, so that the
 * result of a command can be piped.
 */
export function chooseReporter(
  json: boolean,
  stdout: Output,
  stderr: Output,
  term: string | undefined,
): Reporter {
  if (json) return jsonReporter((text) => stdout.write(text));
  if (stderr.isTTY !== true || term === "dumb") return linesReporter((text) => stderr.write(text));
  return terminalReporter({
    write: (text) => stderr.write(text),
    // A serial line says 0.
    columns: () => stderr.columns || USUAL_COLUMNS,
  });
}
