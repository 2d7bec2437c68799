import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { confirm, pending, revert } from "../apply/confirm.ts";
import { readIfThere } from "../system/files.ts";
import type { CommandContext } from "./command.ts";

/** Milliseconds between two looks whether the change still waits. */
const LOOK_AGAIN = 500;

/** What lines are typed on. */
export interface Terminal extends Readable {
  isTTY?: boolean;
}

/** A change that waits for a word. */
export interface Waiting {
  /** Milliseconds since 1970. */
  deadline: number;
  /** Its settings. */
  text: string;
}

/**
 * Asks on a terminal whether to keep a change that waits, until somebody says so here or elsewhere or the time
 * is over. Without a terminal it says how to keep it, and leaves it waiting.
 *
 * @returns false when the change was taken back.
 */
export async function askToKeep(
  { system, print }: Pick<CommandContext, "system" | "print">,
  { deadline, text }: Waiting,
  input: Terminal = process.stdin,
): Promise<boolean> {
  const seconds = Math.max(1, Math.round((deadline - Date.now()) / 1000));
  if (input.isTTY !== true) {
    print(`Waiting for: posternctl confirm. In ${seconds} s the previous settings come back.`);
    return true;
  }
  print(
    `Keep these settings? Type yes within ${seconds} s; otherwise the previous ones come back. no: at once.`,
  );
  const lines = createInterface({ input });
  try {
    const answer = await new Promise<"yes" | "no" | "ended">((resolve) => {
      lines.on("line", (line) => {
        const word = line.trim().toLowerCase();
        if (word === "yes" || word === "no") resolve(word);
        else print("yes or no");
      });
      const timer = setInterval(async () => {
        if ((await pending(system)) !== undefined) return;
        clearInterval(timer);
        resolve("ended");
      }, LOOK_AGAIN);
      lines.on("close", () => clearInterval(timer));
    });
    if (answer === "no") await revert(system);
    if (answer === "yes") await confirm(system);
    const isKept = (await readIfThere(system.paths.confirmed)) === text;
    print(isKept ? "Kept." : "The previous settings are back.");
    return isKept;
  } finally {
    lines.close();
  }
}
