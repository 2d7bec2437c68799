import { confirm, pending, revert } from "../apply/confirm.ts";
import type { CheckResult } from "../check/check.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import type { Applied, ApplyContext } from "./applycontext.ts";
import type { Asker } from "./asking/asker.ts";
import { failureLines } from "./failurelines.ts";

/** A change that is in force and waits for a word. */
export interface Waiting {
  /** Milliseconds since 1970. */
  deadline: number;
  /** Its settings. */
  text: string;
  failed: readonly CheckResult[];
  /** Whether this console made them, and still has the answers. */
  isOurs: boolean;
}

type Word = "keep" | "back" | "over";

/**
 * Asks whether to keep a change, with the seconds that are left. Whatever comes of it, the answers are not lost:
 * when the previous settings are back, the review follows.
 */
export async function askToKeep(
  { system, asker, others }: Pick<ApplyContext, "system" | "asker" | "others">,
  waiting: Waiting,
): Promise<Applied> {
  asker.forget();
  const word = await askWord(system, asker, waiting);
  if (word === "gone") return "gone";
  asker.page(word === "keep" ? "Keeping the settings" : "Going back to the previous settings");
  if (word === "keep") await confirm(system);
  else await revert(system);
  // Somebody else may have had the last word meanwhile.
  if ((await readIfThere(system.paths.confirmed)) === waiting.text) return "done";
  others.expect(undefined);
  asker.forget();
  const answer = await asker.choose<Applied>({
    title: "The previous settings are back",
    lines: [
      word === "over" ? "Nobody kept the new ones in time." : "The new ones were taken back.",
      ...(waiting.isOurs ? ["What was typed is kept: it can be changed and applied again."] : []),
    ],
    choices: [
      { value: "change", label: "Back to the review" },
      { value: "done", label: "Go on to the status screen" },
    ],
  });
  if (answer.kind === "gone") return "gone";
  return answer.kind === "value" ? answer.value : "change";
}

async function askWord(system: System, asker: Asker, waiting: Waiting): Promise<Word | "gone"> {
  const { deadline, failed } = waiting;
  const lines = (): string[] => {
    const seconds = Math.max(0, Math.ceil((deadline - Date.now()) / 1000));
    return [
      `The new settings are in force. In ${seconds} s the previous ones come back by themselves.`,
      ...(failed.length === 0 ? [] : ["Not every check passed:"]),
      ...failureLines(failed),
    ];
  };
  const answer = await asker.choose<Word>({
    title: "Keep these settings?",
    lines: lines(),
    look: async () => {
      const isOver = Date.now() >= deadline || (await pending(system)) === undefined;
      return { lines: lines(), ...(isOver ? { settled: { value: "over" as const } } : {}) };
    },
    choices: [
      { value: "keep", label: "Keep them" },
      { value: "back", label: "Go back to the previous settings", hint: "at once" },
    ],
    initial: failed.length === 0 ? 0 : 1,
  });
  if (answer.kind === "gone") return "gone";
  return answer.kind === "value" ? answer.value : "back";
}
