import { messageOf, PosternError } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import { parseSettings } from "../settings/parse.ts";
import { readIfThere } from "../system/files.ts";
import { change, originOf } from "./change.ts";
import type { RunCommand } from "./command.ts";

/** Puts a settings file in force and looks whether the machine works. */
export const run: RunCommand = async (context, args) => {
  const [file] = args.rest;
  const text = await settingsIn(file ?? context.system.paths.settings);
  const settings = parseSettings(text, file ?? SETTINGS);
  return change(context, { settings, text, origin: originOf("command", file ?? SETTINGS) }, args);
};

/** @throws PosternError `input.settings` when the file cannot be read. */
export async function settingsIn(path: string): Promise<string> {
  const fail = (why: string, cause?: unknown) =>
    new PosternError({
      code: "input.settings",
      message: `${path} cannot be read: ${why}`,
      hint: "Name the file: posternctl apply FILE, or let the console ask: posternctl setup",
      cause,
    });
  const text = await readIfThere(path).catch((error: unknown) => {
    throw fail(messageOf(error), error);
  });
  if (text === undefined) throw fail("there is no such file");
  return text;
}
