import type { TestFn } from "ava";
import { keepEvidence, keepScreen } from "./kit/evidence.ts";
import type { Hardware } from "./kit/hardware.ts";
import type { Machine } from "./kit/qemu.ts";
import { boot, type SetupName } from "./machines.ts";

/** The one machine that a test file has running. */
export interface Guest {
  boot(name: SetupName, more?: Partial<Hardware>): Promise<Machine>;
  /** @throws Error while none is running. */
  machine(): Machine;
  /** Takes the machine's power away and gives it again, on other hardware if need be. */
  cycle(changed?: Partial<Hardware>): Promise<Machine>;
  stop(): Promise<void>;
}

/**
 * Watches over a file's machine: keeps a failed test's logs and a picture of the screen at that moment,
 * lets no test wait for what an essential one did not bring about, and stops the machine at the end, with a picture
 * of the screen where the run keeps them and nothing failed.
 */
export function watch(test: TestFn, essential: readonly string[] = []): Guest {
  let running: { name: string; machine: Machine } | undefined;
  let broken: string | undefined;
  let hasFailed = false;

  async function stop(): Promise<void> {
    if (running !== undefined && !hasFailed) await keepScreen(running.machine, running.name);
    await running?.machine.stop();
    running = undefined;
  }

  test.beforeEach(() => {
    if (broken !== undefined) throw new Error(`not tried, because this failed before it: ${broken}`);
  });
  test.afterEach.always(async (t) => {
    hasFailed ||= !t.passed;
    if (t.passed || broken !== undefined) return;
    // The title of a hook ends with the title of its test.
    broken = essential.find((title) => t.title.endsWith(title));
    if (running !== undefined) t.log(`evidence: ${await keepEvidence(running.machine, running.name)}`);
  });
  test.after.always(stop);

  return {
    async boot(name, more) {
      await stop();
      const machine = await boot(name, more);
      running = { name, machine };
      return machine;
    },
    machine() {
      if (running === undefined) throw new Error("no machine is running");
      return running.machine;
    },
    async cycle(changed) {
      if (running === undefined) throw new Error("no machine is running");
      const machine = await running.machine.cycle(changed);
      running = { ...running, machine };
      return machine;
    },
    stop,
  };
}
