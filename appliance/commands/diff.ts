import { historyEntry } from "../apply/history.ts";
import { PosternError } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import { currentSettings } from "../settings/current.ts";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/settings.ts";
import { changesInWords } from "../settings/words.ts";
import type { System } from "../system/system.ts";
import { settingsIn } from "./apply.ts";
import type { RunCommand } from "./command.ts";

const IN_FORCE = "current";

/** Says in words what differs between two settings: numbers of the history, files, or `current`. */
export const run: RunCommand = async ({ system, print }, { rest: [first = "", second = IN_FORCE] }) => {
  const before = await settingsAt(system, first);
  const words = changesInWords(before, await settingsAt(system, second));
  print(words.length === 0 ? "They say the same." : words.join("\n"));
  return 0;
};

async function settingsAt(system: System, name: string): Promise<Settings> {
  if (name === IN_FORCE) return inForce(system);
  if (/^\d+$/.test(name))
    return parseSettings((await historyEntry(system, Number(name))).text, `history ${name}`);
  return parseSettings(await settingsIn(name), name);
}

/** @throws PosternError `input.settings` on a machine that has none. */
async function inForce(system: System): Promise<Settings> {
  const settings = await currentSettings(system.paths);
  if (settings !== undefined) return settings;
  throw new PosternError({
    code: "input.settings",
    message: `${SETTINGS}: this machine is not configured yet.`,
    hint: "posternctl setup",
  });
}
