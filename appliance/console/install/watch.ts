import { watch } from "node:fs";
import { basename } from "node:path";
import { livePaths } from "../../install/live.ts";
import { readState } from "../../install/state.ts";
import type { Paths } from "../../paths.ts";

/** Aborted when another console begins to install: its progress takes the place of questions. */
export interface Watched {
  signal: AbortSignal;
  stop(): void;
}

export function watchInstall(paths: Paths): Watched {
  const controller = new AbortController();
  const look = async (): Promise<void> => {
    const state = await readState(paths).catch(() => undefined);
    if (state?.phase === "working" && state.pid !== process.pid) controller.abort();
  };
  // The terminal keeps the process alive, not this.
  const watcher = watch(paths.live, { persistent: false }, (_event, name) => {
    if (name === basename(livePaths(paths).state)) void look();
  });
  return { signal: controller.signal, stop: () => watcher.close() };
}
