import { checkAll } from "../check/all.ts";
import { currentSettings } from "../settings/current.ts";
import type { RunCommand } from "./command.ts";
import { checkLine } from "./lines.ts";

/** Returns 1 when a check failed. */
export const run: RunCommand = async ({ system, print }, { flags }) => {
  const settings = await currentSettings(system.paths);
  const results = await checkAll({ system, settings, patience: 0 });
  if (flags.has("json")) print(JSON.stringify(results, undefined, 2));
  else for (const one of results) print(checkLine(one));
  return results.some(({ state }) => state === "fail") ? 1 : 0;
};
