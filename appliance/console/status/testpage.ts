import type { CheckResult } from "../../check/check.ts";
import { settingsInForce } from "../../check/inforce.ts";
import type { Parts } from "../../check/parts.ts";
import { keepReach } from "../../check/reach.ts";
import { messageOf } from "../../error.ts";
import type { System } from "../../system/system.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { fold } from "../terminal/width.ts";
import { showPages, waitForEnter } from "./pager.ts";
import { serviceName } from "./statuswords.ts";

/** Milliseconds between two looks for results that came meanwhile. */
const AGAIN = 250;

/** Runs every check and asks every Defender service; each result is shown as it ends. */
export async function showTests(terminal: Terminal, system: System, parts: Parts): Promise<void> {
  if (terminal.isPlain) {
    const { output } = terminal;
    output.write("\nTest\n");
    await runTests(system, parts, (line) => {
      for (const part of fold(line, output.columns - 2)) output.write(`  ${part}\n`);
    });
    return waitForEnter(terminal);
  }
  const lines: string[] = [];
  const state = { isRunning: true };
  const running = runTests(system, parts, (line) => lines.push(line)).finally(() => {
    state.isRunning = false;
  });
  await showPages(terminal, {
    pages: [{ title: "Test", lines: () => [...lines, ...(state.isRunning ? ["..."] : ["", "Done."])] }],
    again: { every: AGAIN, look: async () => {} },
  });
  // Left early: the rest ends by itself, nobody looks at it.
  void running;
}

async function runTests(system: System, parts: Parts, tell: (line: string) => void): Promise<void> {
  try {
    const [{ probe }, { configuredCheck, diskCheck }, { checkLine }] = await Promise.all([
      import("../../check/all.ts"),
      import("../../check/machine.ts"),
      import("../../commands/lines.ts"),
    ]);
    const show = (result: CheckResult): void => checkLine(result).split("\n").forEach(tell);
    const settings = await settingsInForce(system);
    const context = { system, settings, patience: 0 };
    show(await configuredCheck(context));
    await probe(context, show);
    show(await diskCheck(context));
    if (settings === undefined) return;
    const testServices = await parts.testServices();
    tell("        Asking the Defender services; this takes some seconds");
    const tests = await testServices(context);
    for (const one of tests) show({ ...one, title: serviceName(one.id) });
    await keepReach(system, settings, tests);
  } catch (error) {
    tell(`FAILED  ${messageOf(error)}`);
  }
}
