import { readFile } from "node:fs/promises";
import { catalogueInUse } from "../endpoints/installed.ts";
import { readNewCatalogue, requireNewer } from "../endpoints/newcatalogue.ts";
import { PosternError } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { type ChangeOptions, change, originOf } from "./change.ts";
import type { Arguments, CommandContext } from "./command.ts";

/**
 * Puts a signed catalogue in the place of the one in use, by the very way in which settings are put in force:
 * checked by the programs, swapped whole, in the history with the settings it was in force with.
 */
export async function update(
  context: CommandContext,
  settings: Settings,
  file: string,
  args: Arguments,
  options: ChangeOptions = {},
): Promise<number> {
  const { system, print } = context;
  const now = await catalogueInUse(system.paths);
  if (now.problem !== undefined) print(now.problem);
  const installed = await readNewCatalogue(system, file, settings.defender.catalogueKeys);
  print(`${file}: catalogue of ${installed.catalogue.version}, signed by ${installed.key}`);
  if (JSON.stringify(installed.catalogue) === JSON.stringify(now.catalogue)) {
    print("It is in use already.");
    return 0;
  }
  if (!args.flags.has("force")) requireNewer(installed.catalogue, now.catalogue);
  const wanted = {
    settings,
    text: await settingsInForce(system),
    origin: originOf("command", `endpoints update ${file}`),
    catalogue: { catalogue: installed.catalogue, installed },
  };
  const how = `posternctl endpoints update ${file} --yes`;
  return change(context, wanted, args, { ...options, askBefore: how });
}

/** @throws PosternError `input.settings` where the file was edited since, and the edit would be lost. */
async function settingsInForce({ paths }: System): Promise<string> {
  const text = await readFile(paths.confirmed, "utf8");
  const edited = await readIfThere(paths.settings);
  if (edited === undefined || edited === text) return text;
  throw new PosternError({
    code: "input.settings",
    message: `${SETTINGS} was changed and is not in force yet.`,
    hint: "posternctl apply puts it in force, posternctl diff shows the change; then update the catalogue.",
  });
}
