import { setTimeout as pause } from "node:timers/promises";
import { checkPassword } from "../../access/password.ts";
import { diskText } from "../../install/begin.ts";
import { takeInventory } from "../../install/inventory/inventory.ts";
import { openLog } from "../../install/log.ts";
import { findSystems, type InstalledSystem, mountSystem, RESCUE_ROOT } from "../../install/rescue.ts";
import type { Choice } from "../asking/asker.ts";
import { askerFor } from "../asking/askerfor.ts";
import { NO_OTHERS } from "../others.ts";
import type { Asking, InstallContext } from "./context.ts";
import { leave } from "./leaving.ts";

/** Wrong passwords before a wait, and how long that is in milliseconds. */
const TRIES = 3;
const WAIT = 60_000;

let wrong = 0;

/** Lets who knows the console password of the installed system go on to a shell. Without that word: again. */
export async function showRescue(context: InstallContext): Promise<"shell" | undefined> {
  const asker = await askerFor(context.terminal, context.header, NO_OTHERS.signal);
  const asking = { ...context, asker };
  asker.page("Looking for installed systems");
  const { disks } = await takeInventory(context.system, context.medium.device);
  const systems = await findSystems(
    context.system,
    disks.map(({ disk }) => disk),
  );
  const chosen = await chooseSystem(asking, systems);
  if (chosen === undefined) return undefined;
  if (chosen.hash === undefined) {
    await sayThereIsNone(asking);
    return undefined;
  }
  if (!(await askPassword(asking, chosen, chosen.hash))) return undefined;
  openLog(context.system.paths)(`rescue: a shell with ${chosen.root}, from ${context.line ?? "a session"}`);
  await mountSystem(context.system, chosen);
  asker.page("The installed system is open");
  asker.print(
    `It is below ${RESCUE_ROOT}; chroot ${RESCUE_ROOT} runs its own programs. "exit" ends the shell.`,
  );
  return "shell";
}

async function chooseSystem(
  asking: Asking,
  systems: readonly InstalledSystem[],
): Promise<InstalledSystem | undefined> {
  const found: Choice<InstalledSystem | "again" | "restart" | "poweroff">[] = systems.map((one) => ({
    value: one,
    label: `A shell for Postern ${one.version}`,
    hint: `on ${diskText(one.disk)}`,
  }));
  const answer = await asking.asker.choose({
    title: found.length === 0 ? "There is no Postern on this server" : "Rescue: which system?",
    lines:
      found.length === 0
        ? ["No disk has an installed Postern that can be read, so there is no shell."]
        : ["The next page asks for the console password of the installed system."],
    choices: [
      ...found,
      { value: "again" as const, label: "Look again" },
      { value: "restart" as const, label: "Restart" },
      { value: "poweroff" as const, label: "Power off" },
    ],
  });
  if (answer.kind !== "value" || answer.value === "again") return undefined;
  if (typeof answer.value === "object") return answer.value;
  await leave(asking, answer.value);
  return undefined;
}

async function sayThereIsNone({ asker }: Asking): Promise<void> {
  await asker.choose({
    title: "This system has no console password",
    lines: [
      "It was never set up, or its administrator has SSH keys alone. Without a password nobody can show who they are, so there is no shell.",
    ],
    choices: [{ value: true, label: "Back" }],
  });
}

async function askPassword(
  { asker, system, terminal }: Asking,
  { version }: InstalledSystem,
  hash: string,
): Promise<boolean> {
  for (;;) {
    if (wrong >= TRIES) {
      asker.page("Too many wrong passwords");
      asker.print(`The next try is in ${WAIT / 1000} s.`);
      await pause(WAIT, undefined, { signal: terminal.ended }).catch(() => {});
      asker.forget();
      wrong = 0;
    }
    const answer = await asker.text({
      title: `Console password of the installed Postern ${version}`,
      lines: wrong === 0 ? ["The administrator's password on that system."] : ["That was not the password."],
      isSecret: true,
      look: (text) => (text === "" ? { problem: "the password" } : {}),
    });
    if (answer.kind !== "value") return false;
    if (await checkPassword(system, hash, answer.value)) return true;
    wrong++;
    openLog(system.paths)("rescue: a wrong password");
  }
}
