import { writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { LiveStatus } from "../check/live.ts";
import type { Status } from "../check/status.ts";
import { statusPage } from "../console/status/statuspage.ts";
import { Painter } from "../console/terminal/painter.ts";
import { TerminalOutput } from "../console/terminal/terminal.ts";
import type { Release } from "../release.ts";
import type { System } from "../system/system.ts";
import { statusText } from "./statustext.ts";

export interface WatchOptions {
  system: System;
  release: Release;
  print(text: string): void;
  isJson: boolean;
}

/** Milliseconds between two looks. */
const EVERY = 2000;
const COLUMNS = 100;

/** Shows the status again and again: redrawn on a terminal, a page or a line a look elsewhere. Ctrl-C ends it. */
export function watchOnTerminal(options: WatchOptions): Promise<number> {
  const { stdout, env } = process;
  const show =
    stdout.isTTY && !options.isJson && (env.TERM ?? "dumb") !== "dumb"
      ? showOn(new TerminalOutput(stdout))
      : showBy(options);
  // A pipe whose reader has gone ends it too.
  stdout.on("error", () => process.exit(0));
  return watchStatus(options, show, new AbortController().signal);
}

/** Looks until `ended`; what is shown is up to `show`. */
export async function watchStatus(
  { system, release }: Pick<WatchOptions, "system" | "release">,
  show: (status: Status) => void,
  ended: AbortSignal,
  every = EVERY,
): Promise<number> {
  const live = new LiveStatus(system, release);
  try {
    while (!ended.aborted) {
      show(await live.look());
      await pause(every, undefined, { signal: ended }).catch(() => {});
    }
    return 0;
  } finally {
    await live.close();
  }
}

function showBy({ print, isJson }: WatchOptions): (status: Status) => void {
  return (status) => print(isJson ? JSON.stringify(status) : `${statusText(status, COLUMNS)}\n`);
}

function showOn(output: TerminalOutput): (status: Status) => void {
  const painter = new Painter({ output });
  output.on("resize", () => painter.forget());
  // Below the page, with a cursor; at the end of the process nothing that is queued would still go out.
  process.on("exit", () => writeSync(1, `\u001b[${output.rows}B\r\n\u001b[?25h`));
  return (status) => {
    const { columns, rows } = output;
    const page = statusPage(status, { columns, rows: rows - 1, isConsole: false, hasKeys: false });
    painter.paint([...page, ...Array.from({ length: rows - 1 - page.length }, () => ""), " Ctrl-C ends it"]);
  };
}
