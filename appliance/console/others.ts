import { watch } from "node:fs";
import { basename } from "node:path";
import type { Paths } from "../paths.ts";
import { privateFolder } from "../system/files.ts";

/**
 * Tells when settings are confirmed by somebody else: the console on the other line, or `posternctl apply`.
 *
 * @returns a signal that is aborted then, and what ends the watch.
 */
export async function watchOthers({
  state,
  confirmed,
}: Paths): Promise<{ signal: AbortSignal; stop(): void }> {
  const controller = new AbortController();
  await privateFolder(state);
  const watcher = watch(state, (_event, name) => {
    if (name === basename(confirmed)) controller.abort();
  });
  return { signal: controller.signal, stop: () => watcher.close() };
}
