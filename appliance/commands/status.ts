import { settingsInForce } from "../check/inforce.ts";
import { readStatus } from "../check/status.ts";
import type { RunCommand } from "./command.ts";
import { statusText } from "./statustext.ts";

/** Columns where the output is no terminal. */
const COLUMNS = 100;

export const run: RunCommand = async ({ system, release, print }, { flags }) => {
  if (flags.has("watch")) {
    const { watchOnTerminal } = await import("./watch.ts");
    return watchOnTerminal({ system, release, print, isJson: flags.has("json") });
  }
  const status = await readStatus(system, await settingsInForce(system), release);
  if (flags.has("json")) print(JSON.stringify(status, undefined, 2));
  else print(statusText(status, process.stdout.columns ?? COLUMNS));
  return 0;
};
