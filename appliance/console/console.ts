import { existsSync, writeSync } from "node:fs";
import { EXIT_INTERRUPTED } from "../error.ts";
import type { Release } from "../release.ts";
import { askerFor } from "./asking/askerfor.ts";
import type { ConsoleOptions } from "./options.ts";
import { NO_OTHERS } from "./others.ts";
import { CLEAR, type Terminal } from "./terminal/terminal.ts";

const ESC = "\u001b";

/** The console of the machine: asks until it is configured, then shows the status. Returns the exit code. */
export async function runConsole(options: ConsoleOptions): Promise<number> {
  const { system, line } = options;
  const { openTerminal } = await import("./terminal/terminal.ts");
  const terminal = openTerminal({
    ...options,
    // On the machine's own console there is nothing to leave to.
    onInterrupt: () => (line === undefined ? process.exit(EXIT_INTERRUPTED) : terminal.input.write(ESC)),
  });
  try {
    const { finishWaiting, firstBoot, reconfigure } = await import("./questions.ts");
    if (!existsSync(system.paths.confirmed)) await firstBoot(options, terminal);
    else if ((await finishWaiting(options, terminal)) === "change") await reconfigure(options, terminal);
    return await live(options, terminal);
  } finally {
    terminal.close();
  }
}

/** The status screen, and what its keys ask for. */
async function live(options: ConsoleOptions, terminal: Terminal): Promise<number> {
  const { system, release, line, login } = options;
  const { showStatus } = await import("./status/statusscreen.ts");
  while (!terminal.ended.aborted) {
    terminal.output.painter = undefined;
    const key = await showStatus({ system, release, terminal, isConsole: line !== undefined });
    if (key === "quit") return 0;
    if (key === "login") {
      terminal.output.write(terminal.isPlain ? "" : CLEAR);
      terminal.close();
      login();
    }
    if (key === "reboot") await reboot(options, terminal);
    if (key === "reconfigure") await (await import("./questions.ts")).reconfigure(options, terminal);
  }
  return 0;
}

async function reboot({ system, release }: ConsoleOptions, terminal: Terminal): Promise<void> {
  const asker = await askerFor(terminal, `Postern ${release.version}`, NO_OTHERS.signal);
  const answer = await asker.choose({
    title: "Restart this machine?",
    lines: ["Clients get no answer until it is back."],
    choices: [
      { value: false, label: "No" },
      { value: true, label: "Restart" },
    ],
  });
  if (answer.kind === "value" && answer.value) await system.run("systemctl", ["reboot"]);
}

/** The first thing on the screen, before anything else is loaded. */
export function printBanner({ version }: Release): void {
  writeSync(1, `Postern ${version}\n`);
}
