import type { Origin } from "../apply/origin.ts";
import type { CheckResult } from "../check/check.ts";
import { messageOf, PosternError } from "../error.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import type { Asker } from "./asker.ts";
import type { Others } from "./others.ts";

/** How applying ended: at work, to be changed, or taken over by another console. */
export type Applied = "done" | "change" | "gone";

export interface ApplyContext {
  system: System;
  asker: Asker;
  others: Others;
  /** Milliseconds that the network and Squid may take to come up. */
  patience: number;
  /** `tty1`, `ttyS0`: the machine's own console; undefined in a session. */
  line: string | undefined;
}

/** Puts settings in force before the operator's eyes, and offers the way on when something fails. */
export async function applyAndShow(
  context: ApplyContext,
  settings: Settings,
  text: string,
  origin: Origin,
): Promise<Applied> {
  const { system, asker, others, patience } = context;
  for (;;) {
    asker.page("Applying");
    // The heavy part of the program, loaded while the operator reads.
    const [{ apply }, { probe }, { checkLine, stepLine }] = await Promise.all([
      import("../apply/apply.ts"),
      import("../check/all.ts"),
      import("../commands/lines.ts"),
    ]);
    others.expect(text);
    try {
      await apply(system, { settings, text, origin }, (step) => asker.print(`  ${stepLine(step)}`));
    } catch (error) {
      others.expect(undefined);
      asker.forget();
      const answer = await asker.choose({
        title: "The settings were not applied",
        lines: errorLines(error),
        choices: [
          { value: false, label: "Back to the review", hint: "nothing that was typed is lost" },
          { value: true, label: "Try again" },
        ],
      });
      if (answer.kind === "gone") return "gone";
      if (answer.kind === "value" && answer.value) continue;
      return "change";
    }
    asker.print(`          Looking whether it works; this may take ${patience / 1000} s`);
    const results = await probe({ system, settings, patience }, (one) => asker.print(`  ${checkLine(one)}`));
    const failed = results.filter(({ state }) => state === "fail");
    return failed.length === 0 ? "done" : askAboutFailures(failed, asker);
  }
}

async function askAboutFailures(failed: readonly CheckResult[], asker: Asker): Promise<Applied> {
  asker.forget();
  const answer = await asker.choose({
    title: "Applied, but not every check passed",
    lines: failed.flatMap(({ title, detail, next }) => [
      `${title}: ${detail}`,
      ...(next === undefined ? [] : [`  ${next}`]),
    ]),
    choices: [
      { value: "done" as const, label: "Go on to the status screen", hint: "the settings are in force" },
      { value: "change" as const, label: "Change the settings" },
    ],
  });
  return answer.kind === "value" ? answer.value : "done";
}

/** An error as lines of a page. */
export function errorLines(error: unknown): string[] {
  const lines = messageOf(error)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 10);
  return error instanceof PosternError ? [...lines, error.hint] : lines;
}
