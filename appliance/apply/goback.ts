import * as targets from "../paths.ts";
import { parseSettings } from "../settings/parse.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { reloadFirewall } from "./actions.ts";
import { activate, closeProxy } from "./activate.ts";
import { type Journal, undo } from "./journal.ts";
import type { Report } from "./steps.ts";

/** Puts the previous files back, and brings the machine to them as far as it goes. */
export async function goBack(system: System, journal: Journal): Promise<void> {
  await undo(system, journal);
  const paths = new Set(journal.files.map(({ path }) => path));
  const text = await readIfThere(system.paths.confirmed);
  const silent: Report = () => {};
  try {
    if (text !== undefined) {
      const settings = parseSettings(text, targets.SETTINGS);
      return await activate(system, { paths, squid: journal.squid }, settings, silent);
    }
    await closeProxy(system);
    await system.run("netplan", ["apply"]);
    await reloadFirewall(system);
  } catch {
    // What led here says more than this; the files are right, and a start brings the rest.
  }
}
