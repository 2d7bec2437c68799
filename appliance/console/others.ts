import { watch } from "node:fs";
import { basename } from "node:path";
import type { Paths } from "../paths.ts";
import { privateFolder, readIfThere } from "../system/files.ts";

/** Settings that somebody else confirms: the console on the other line, or `posternctl apply`. */
export interface Others {
  /** Aborted when that happened. */
  signal: AbortSignal;
  /** Names the settings that this process is about to confirm, so that they do not count; undefined: none. */
  expect(text: string | undefined): void;
  stop(): void;
}

export async function watchOthers({ state, confirmed }: Paths): Promise<Others> {
  const controller = new AbortController();
  await privateFolder(state);
  const before = await readIfThere(confirmed);
  let expected: string | undefined;
  const look = async (): Promise<void> => {
    const text = await readIfThere(confirmed);
    if (text !== undefined && text !== before && text !== expected) controller.abort();
  };
  // The terminal keeps the process alive, not this.
  const watcher = watch(state, { persistent: false }, (_event, name) => {
    if (name === basename(confirmed)) void look();
  });
  return {
    signal: controller.signal,
    expect(text) {
      expected = text;
      // It may have happened while other settings were expected.
      if (text === undefined) void look();
    },
    stop: () => watcher.close(),
  };
}

/** Nobody to watch: an operator changes settings and means it. */
export const NO_OTHERS: Others = { signal: new AbortController().signal, expect: () => {}, stop: () => {} };
