import { pending, revert } from "../apply/confirm.ts";
import { type HistoryEntry, history, historyEntry } from "../apply/history.ts";
import { catalogueOf } from "../apply/keptcatalogues.ts";
import { PosternError } from "../error.ts";
import { parseSettings } from "../settings/parse.ts";
import type { System } from "../system/system.ts";
import { type ChangeOptions, change, originOf } from "./change.ts";
import type { Arguments, CommandContext, RunCommand } from "./command.ts";
import { numberOf } from "./history.ts";

/** Takes back the change that waits, or puts settings of the history in force again. */
export const run: RunCommand = (context, args) => rollBack(context, args);

export async function rollBack(
  context: CommandContext,
  args: Arguments,
  options: ChangeOptions = {},
): Promise<number> {
  const { system, print } = context;
  const [number] = args.rest;
  if (number === undefined && (await pending(system)) !== undefined) {
    await revert(system);
    print("The previous settings are back.");
    return 0;
  }
  const entry = number === undefined ? await previous(system) : await historyEntry(system, numberOf(number));
  const settings = parseSettings(entry.text, `history ${entry.number}`);
  const origin = originOf("rollback", `to ${entry.number}`);
  // The list of names was made from both, so both go back.
  const catalogue = await catalogueOf(system, entry.catalogue);
  return change(context, { settings, text: entry.text, origin, catalogue }, args, options);
}

async function previous(system: System): Promise<HistoryEntry> {
  const entry = (await history(system))[1];
  if (entry !== undefined) return entry;
  throw new PosternError({
    code: "input.history",
    message: "There are no settings before those in force.",
    hint: "posternctl history lists them.",
  });
}
