import { once } from "node:events";
import type { Asking } from "./context.ts";

/** Restarts the server or powers it off; the console stays as it is until that happens. */
export async function leave({ system, asker, terminal }: Asking, how: "restart" | "poweroff"): Promise<void> {
  asker.page(how === "restart" ? "The server restarts" : "The server powers off");
  asker.print("If it starts from the medium again: detach the medium first.");
  const { code, stderr } = await system.run("systemctl", [how === "restart" ? "reboot" : "poweroff"]);
  if (code !== 0) {
    asker.print(stderr);
    return;
  }
  if (!terminal.ended.aborted) await once(terminal.ended, "abort");
}
