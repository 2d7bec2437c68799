import { pending } from "../apply/confirm.ts";
import { SETTINGS } from "../paths.ts";
import { currentSettings } from "../settings/current.ts";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/settings.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";

/**
 * The settings that the machine runs by now: the confirmed ones, or those that wait to be confirmed. Undefined
 * where there are none, also where the file was spoilt by hand.
 */
export async function settingsInForce(system: System): Promise<Settings | undefined> {
  const { paths } = system;
  try {
    const isWaiting = (await pending(system)) !== undefined;
    const text = isWaiting ? await readIfThere(paths.settings) : undefined;
    return text === undefined ? await currentSettings(paths) : parseSettings(text, SETTINGS);
  } catch {
    return undefined;
  }
}
