import { SETTINGS } from "../paths.ts";
import { parseSettings } from "../settings/parse.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { apply } from "./apply.ts";
import { history } from "./history.ts";
import type { Report } from "./steps.ts";

/**
 * Puts the confirmed settings in force once more on a machine whose card was replaced, so that the one it has
 * takes the place of the one they name. An edit that waits in the settings file is nobody's to overwrite: then
 * nothing happens.
 *
 * @throws PosternError as `apply` does.
 */
export async function takeCard(system: System, report: Report): Promise<void> {
  const [confirmed, text] = await Promise.all(
    [system.paths.confirmed, system.paths.settings].map((path) => readIfThere(path)),
  );
  if (confirmed === undefined || confirmed !== text) return;
  const [newest] = await history(system);
  const origin = newest?.origin ?? { way: "command" };
  await apply(system, { settings: parseSettings(confirmed, SETTINGS), text: confirmed, origin }, report);
}
