import { readFile } from "node:fs/promises";
import { apply } from "../apply/apply.ts";
import { probe } from "../check/all.ts";
import { EXIT_CODES, messageOf, PosternError } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import { parseSettings } from "../settings/parse.ts";
import type { RunCommand } from "./command.ts";
import { checkLine, stepLine } from "./lines.ts";
import { PATIENCE } from "./patience.ts";

/** Puts a settings file in force and looks whether the machine works: 4 when it is in force and a look failed. */
export const run: RunCommand = async ({ system, print }, { rest: [file] }) => {
  const path = file ?? system.paths.settings;
  const text = await readSettings(path);
  const settings = parseSettings(text, file ?? SETTINGS);
  const { changed } = await apply(
    system,
    { settings, text, origin: { way: "command", detail: path } },
    (step) => print(stepLine(step)),
  );
  print(changed.length === 0 ? "Nothing had to change." : `Changed: ${changed.join(", ")}`);
  const patience = changed.length === 0 ? 0 : PATIENCE;
  const results = await probe({ system, settings, patience }, (one) => print(checkLine(one)));
  return results.some(({ state }) => state === "fail") ? EXIT_CODES.network : 0;
};

async function readSettings(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new PosternError({
      code: "input.settings",
      message: `${path} cannot be read: ${messageOf(error)}`,
      hint: "Name the file: posternctl apply FILE, or let the console ask: posternctl setup",
      cause: error,
    });
  }
}
