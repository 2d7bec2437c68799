import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { confirm, pending, revert } from "../apply/confirm.ts";
import { PosternError } from "../error.ts";
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

/**
 * Asks on a terminal whether to begin a change.
 *
 * @param how the call that begins it without asking.
 * @returns false when somebody said no.
 * @throws PosternError `input.confirm` where there is no terminal to ask on.
 */
export async function askBefore(
  { print }: Pick<CommandContext, "print">,
  how: string,
  input: Terminal = process.stdin,
): Promise<boolean> {
  if (input.isTTY !== true) {
    throw new PosternError({
      code: "input.confirm",
      message: "There is nobody to ask whether to put this in force.",
      hint: how,
    });
  }
  print("Put this in force? Type yes or no.");
  const lines = createInterface({ input });
  try {
    for await (const line of lines) {
      const word = line.trim().toLowerCase();
      if (word === "yes") return true;
      if (word === "no") break;
      print("yes or no");
    }
    print("Nothing was changed.");
    return false;
  } finally {
    lines.close();
  }
}
