import type { ApplyRequest } from "../apply/apply.ts";
import type { CheckResult } from "../check/check.ts";
import type { Settings } from "../settings/settings.ts";
import type { Applied, ApplyContext } from "./applycontext.ts";
import type { Asker } from "./asking/asker.ts";
import { errorLines, failureLines } from "./failurelines.ts";

/** Puts settings in force before the operator's eyes, and offers the way on when something fails. */
export async function applyAndShow(
  context: ApplyContext,
  wanted: Pick<ApplyRequest, "settings" | "text" | "origin" | "catalogue">,
): Promise<Applied> {
  const { settings, text } = wanted;
  const { system, asker, others, confirmWithin } = context;
  for (;;) {
    asker.page("Applying");
    // The heavy part of the program, loaded while the operator reads.
    const [{ apply }, { stepLine }] = await Promise.all([
      import("../apply/apply.ts"),
      import("../commands/lines.ts"),
    ]);
    others.expect(text);
    try {
      const request = { ...wanted, confirmWithin };
      const { deadline } = await apply(system, request, (step) => asker.print(indented(stepLine(step))));
      const failed = await look(context, settings);
      if (deadline === undefined) return failed.length === 0 ? "done" : await askAboutFailures(failed, asker);
      const { askToKeep } = await import("./keeping.ts");
      return await askToKeep(context, { deadline, text, failed, isOurs: true });
    } catch (error) {
      others.expect(undefined);
      const next = await askAboutError(error, asker);
      if (next !== "again") return next;
    }
  }
}

/** Looks whether it works, a line for each probe as it ends. @returns what failed. */
async function look(
  { system, asker, patience }: ApplyContext,
  settings: Settings,
): Promise<readonly CheckResult[]> {
  const [{ probe }, { checkLine }] = await Promise.all([
    import("../check/all.ts"),
    import("../commands/lines.ts"),
  ]);
  asker.print(`          Looking whether it works; this may take ${patience / 1000} s`);
  const results = await probe({ system, settings, patience }, (one) => asker.print(indented(checkLine(one))));
  return results.filter(({ state }) => state === "fail");
}

async function askAboutError(error: unknown, asker: Asker): Promise<Applied | "again"> {
  asker.forget();
  const answer = await asker.choose<Applied | "again">({
    title: "The settings were not applied",
    lines: errorLines(error),
    choices: [
      { value: "change", label: "Back to the review", hint: "nothing that was typed is lost" },
      { value: "again", label: "Try again" },
    ],
  });
  if (answer.kind === "gone") return "gone";
  return answer.kind === "value" ? answer.value : "change";
}

async function askAboutFailures(failed: readonly CheckResult[], asker: Asker): Promise<Applied> {
  asker.forget();
  const answer = await asker.choose<Applied>({
    title: "Applied, but not every check passed",
    lines: failureLines(failed),
    choices: [
      { value: "done", label: "Go on to the status screen", hint: "the settings are in force" },
      { value: "change", label: "Change the settings" },
    ],
  });
  if (answer.kind === "gone") return "gone";
  return answer.kind === "value" ? answer.value : "change";
}

function indented(lines: string): string {
  return lines.replaceAll(/^/gm, "  ");
}
