import { takeCard } from "../apply/card.ts";
import { revertExpired } from "../apply/confirm.ts";
import type { Outcome } from "../apply/journal.ts";
import { recover } from "../apply/recover.ts";
import type { RunCommand } from "./command.ts";

const OUTCOMES = {
  nothing: "Nothing was interrupted.",
  undone: "The previous settings are back.",
  finished: "The interrupted change is finished.",
} as const satisfies Record<Outcome, string>;

export const run: RunCommand = async ({ system, print }, { flags }) => {
  if (flags.has("card")) {
    await takeCard(system, (step) => print([step.title, step.detail ?? step.state].join(": ")));
    return 0;
  }
  print(OUTCOMES[await (flags.has("expired") ? revertExpired(system) : recover(system))]);
  return 0;
};
