import { EXIT_INTERRUPTED } from "../error.ts";

/** Why the signal of a call is aborted when a person or the system stops it. */
export class Interrupted extends Error {
  /** What is left behind; a command that leaves something else says so. */
  remains = "nothing half-made is left, and finished stages stay in the cache";

  constructor() {
    super("interrupted");
    this.name = "Interrupted";
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal stops the work and lets it clean up, the second ends the process at once. */
export function onInterrupt(): { signal: AbortSignal; done(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort(new Interrupted());
  };
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    done() {
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
}
