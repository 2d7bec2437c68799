import type { Paths } from "../paths.ts";
import { SETTINGS } from "../paths.ts";
import { readIfThere } from "../system/files.ts";
import { parseSettings } from "./parse.ts";
import type { Settings } from "./settings.ts";

/**
 * The settings in force, or undefined on a machine that has none yet.
 *
 * @throws PosternError `input.settings` when the file was spoilt by hand.
 */
export async function currentSettings(paths: Paths): Promise<Settings | undefined> {
  const text = await readIfThere(paths.confirmed);
  return text === undefined ? undefined : parseSettings(text, SETTINGS);
}
