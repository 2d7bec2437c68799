import type { Draft } from "../draft.ts";
import { keyStep, keyText } from "./sshsteps.ts";
import type { Step, StepContext } from "./step.ts";

/** Where SSH keys come from: a disk labelled POSTERN is asked about only where one with keys is there. */
export const keysStep: Step = {
  async ask(first, context) {
    const disk = await diskWithKeys(context);
    if (disk === undefined) return keyStep.ask(first, context);
    let draft = first;
    for (;;) {
      const count = disk.keys.length === 1 ? "1 key" : `${disk.keys.length} keys`;
      const answer = await context.asker.choose({
        title: "Administrator: where do the SSH keys come from?",
        lines: [`A disk labelled POSTERN is there, ${disk.device}, with:`, ...disk.keys.map(keyText)],
        choices: [
          { value: "disk" as const, label: "From the disk", hint: `${count}; others can be added` },
          { value: "pasted" as const, label: "Pasted", hint: "or none at all" },
        ],
        initial: 0,
      });
      if (answer.kind !== "value") return { way: answer.kind, draft };
      const asked =
        answer.value === "disk" ? withKeys(draft, disk.keys) : withoutKeys(draft, disk.keys, first);
      const result = await keyStep.ask(asked, context);
      if (result.way !== "back") return result;
      draft = result.draft;
    }
  },
};

async function diskWithKeys({ system }: StepContext) {
  const { readDisk } = await import("../../intake/disk.ts");
  const disk = await readDisk(system);
  return disk === undefined || disk.keys.length === 0 ? undefined : disk;
}

function withKeys(draft: Draft, keys: readonly string[]): Draft {
  return { ...draft, sshKeys: [...new Set([...draft.sshKeys, ...keys])] };
}

/** Takes out what an earlier answer took from the disk, but not what was there before. */
function withoutKeys(draft: Draft, keys: readonly string[], { sshKeys }: Draft): Draft {
  return { ...draft, sshKeys: draft.sshKeys.filter((key) => sshKeys.includes(key) || !keys.includes(key)) };
}
