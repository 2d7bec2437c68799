import { existsSync } from "node:fs";
import { PosternError } from "../error.ts";
import type { Release } from "../release.ts";
import { withLock } from "../system/lock.ts";
import type { System } from "../system/system.ts";
import type { Disk } from "./inventory/disk.ts";
import { diskModel, diskSize } from "./inventory/disk.ts";
import type { Firmware } from "./inventory/server.ts";
import { livePaths } from "./live.ts";
import { openLog } from "./log.ts";
import { errorText, type InstallState, readState, writeState } from "./state.ts";
import type { StepId } from "./steps.ts";
import { readBootFacts } from "./work/facts.ts";
import { freshIds } from "./work/ids.ts";
import { install } from "./work/install.ts";
import { jobOf } from "./work/job.ts";

export interface Order {
  disk: Disk;
  firmware: Firmware;
  afterwards: InstallState["afterwards"];
  settings: { text: string; from: string } | undefined;
}

/** Milliseconds between two words to the other consoles. */
const TELL_EVERY = 1000;
/** Milliseconds that the kernel may take to show new partitions. */
const PATIENCE = 60_000;

/** `/dev/sda  480 GB  DELL PERC H755` */
export function diskText(disk: Disk): string {
  return [disk.path, diskSize(disk.size), diskModel(disk)].join("  ");
}

/**
 * Installs, and tells every console how it goes by a file. Never throws for a fault of the work: the last state
 * has it.
 *
 * @param show called at each change, here.
 * @throws PosternError `host.busy` when another console installs already.
 */
export async function beginInstall(
  system: System,
  release: Release,
  order: Order,
  show: (state: InstallState) => void,
): Promise<InstallState> {
  return withLock(system, async () => {
    await requireFirst(system, order);
    return work(system, release, order, show);
  });
}

/** An unattended installation is tried once: two consoles may count down to the same moment. */
async function requireFirst({ paths }: System, { afterwards }: Order): Promise<void> {
  if (afterwards === "ask" || (await readState(paths)) === undefined) return;
  throw new PosternError({
    code: "host.busy",
    message: "The installation was begun on another console.",
    hint: "It is shown there, and here.",
  });
}

async function work(
  system: System,
  release: Release,
  { disk, firmware, afterwards, settings }: Order,
  show: (state: InstallState) => void,
): Promise<InstallState> {
  const { paths } = system;
  const log = openLog(paths);
  const now = Date.now();
  let state: InstallState = {
    phase: "working",
    pid: process.pid,
    disk: diskText(disk),
    afterwards,
    step: "erase",
    done: 0,
    total: 0,
    started: now,
    stepStarted: now,
    notes: [],
  };
  let written = 0;
  let writing = Promise.resolve();
  const change = (more: Partial<InstallState>, isNews: boolean): void => {
    state = { ...state, ...more };
    show(state);
    const time = Date.now();
    if (!isNews && time - written < TELL_EVERY) return;
    written = time;
    const text = state;
    writing = writing.then(() => writeState(paths, text)).catch((error: unknown) => log(String(error)));
  };
  log(
    `Postern ${release.version} (${release.base}) goes onto ${state.disk}, serial ${disk.serial || "none"}`,
  );
  if (settings !== undefined) log(`settings come from ${settings.from}`);
  change({}, true);
  try {
    const { tree, target } = livePaths(paths);
    const facts = await readBootFacts(paths);
    const base = { system, release, log, firmware, disk, facts, tree, target, settings, patience: PATIENCE };
    const notes = await install(jobOf({ ...base, ids: freshIds() }), {
      begin: (step: StepId) => change({ step, done: 0, total: 0, stepStarted: Date.now() }, true),
      tell: (done, total) => change({ done, total }, false),
    });
    change({ phase: "done", notes, ended: Date.now() }, true);
  } catch (error) {
    change({ phase: "failed", error: errorText(error), ended: Date.now() }, true);
  }
  await writing;
  return state;
}

/** Whether somebody stopped the unattended installation on any console. */
export function isHeld({ paths }: System): boolean {
  return existsSync(livePaths(paths).held);
}
