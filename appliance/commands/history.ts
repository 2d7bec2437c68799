import { type HistoryEntry, history } from "../apply/history.ts";
import { originText } from "../apply/origin.ts";
import { usageError } from "./arguments.ts";
import type { RunCommand } from "./command.ts";

/** Lists the confirmed settings, newest first. */
export const run: RunCommand = async ({ system, print }, { flags }) => {
  const all = await history(system);
  if (flags.has("json")) {
    // The settings themselves hold a password hash: export and diff show them.
    print(
      JSON.stringify(
        all.map(({ number, time, origin }) => ({ number, time, origin })),
        undefined,
        2,
      ),
    );
    return 0;
  }
  if (all.length === 0) print("No settings were confirmed yet.");
  for (const [index, entry] of all.entries()) print(historyLine(entry, index === 0));
  return 0;
};

/** @throws PosternError `input.arguments` for anything but the number of an entry. */
export function numberOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError(`${text} is no number of the history.`, "history");
}

/** `  12  2026-11-24 21:40:03 UTC  posternctl (/root/new.yaml), by postern   in force`. */
export function historyLine({ number, time, origin }: HistoryEntry, isInForce: boolean): string {
  const when = `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
  return `${String(number).padStart(4)}  ${when}  ${originText(origin)}${isInForce ? "   in force" : ""}`;
}
