import { messageOf } from "../../error.ts";
import type { System } from "../../system/system.ts";

/** Keeps the change that waits (`y`) or brings the settings before it back (`n`). Returns what came of it, in words. */
export async function answerWaiting(system: System, key: "y" | "n"): Promise<string> {
  try {
    const { confirm, revert } = await import("../../apply/confirm.ts");
    if (key === "y") return (await confirm(system)) ? "The change is kept." : "Nothing waits any more.";
    return (await revert(system)) === "nothing"
      ? "Nothing waits any more."
      : "The previous settings are back.";
  } catch (error) {
    return messageOf(error);
  }
}
