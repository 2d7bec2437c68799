import { originText } from "../apply/origin.ts";
import { catalogueInUse } from "../endpoints/installed.ts";
import { PosternError } from "../error.ts";
import { catalogueToTake } from "../export/catalogue.ts";
import { takeInAtBoot } from "../intake/boot.ts";
import { takeIn } from "../intake/intake.ts";
import { printable } from "../intake/printable.ts";
import { problemsError } from "../settings/problem.ts";
import { change, originOf } from "./change.ts";
import type { RunCommand } from "./command.ts";

/** Takes in settings that came without a keyboard: by itself at the first start, else because somebody asked. */
export const run: RunCommand = async (context, args) => {
  const { system, print } = context;
  if (args.flags.has("boot")) {
    await takeInAtBoot(system, print);
    return 0;
  }
  const intake = await takeIn(system);
  for (const note of intake.notes) print(printable(note));
  if (intake.kind === "locked") {
    throw new PosternError({
      code: "input.passphrase",
      message: "An export of a machine is there, and nobody has opened it.",
      hint: "Copy it here and run posternctl import FILE, or lay a file passphrase beside it.",
    });
  }
  if (intake.kind === "none") {
    throw new PosternError({
      code: "input.settings",
      message:
        "No settings came without a keyboard: no OVF properties, no user data, no disk, none in the image.",
      hint: "docs/unattended.md shows each way; posternctl setup asks for everything.",
    });
  }
  const from = originText(intake.origin);
  if (intake.kind === "partial") {
    const hint = "Correct them where they come from, or run: posternctl setup";
    throw problemsError("input.settings", printable(from), intake.problems, hint);
  }
  print(printable(`Settings from ${from}`));
  const { settings, text, origin, brought } = intake;
  const { by } = originOf("command", "");
  const asked = { ...origin, ...(by === undefined ? {} : { by }) };
  const wanted = { settings, text, origin: asked };
  if (brought === undefined) return change(context, wanted, args);
  const { catalogue, note } = catalogueToTake(brought, await catalogueInUse(system.paths));
  if (note !== undefined) print(printable(note));
  return change(context, { ...wanted, ...(catalogue === undefined ? {} : { catalogue }) }, args);
};
