import { watch } from "node:fs";
import { basename } from "node:path";
import { isOrigin, type Origin } from "../apply/origin.ts";
import type { Paths } from "../paths.ts";
import type { Problem } from "../settings/problem.ts";
import type { Settings } from "../settings/settings.ts";
import { isMap } from "../settings/without.ts";
import { privateFolder, readIfThere, removeFile, writeAtomic } from "../system/files.ts";
import { readFoundExports } from "./foundexports.ts";

/**
 * What the boot found and could not put in force by itself: somebody has to be asked. The console reads it, and
 * it goes with the next start.
 */
export interface IntakeReport {
  origin: Origin;
  /** Good values, and defaults elsewhere (see `salvageSettings`). */
  settings: Settings;
  /** What was wrong, by its place in the settings. */
  problems: readonly Problem[];
  /** The same for a person, and what else went wrong: lines of printable ASCII. */
  notice: readonly string[];
}

/** A report that has not come yet. */
export interface Arrival {
  /** Aborted when it is there. */
  signal: AbortSignal;
  stop(): void;
}

export async function writeReport({ paths }: { paths: Paths }, report: IntakeReport): Promise<void> {
  await privateFolder(paths.run);
  const text = `${JSON.stringify(report)}\n`;
  // Who reads it has no news in the same again.
  if ((await readIfThere(paths.intake)) === text) return;
  // It may hold a password's hash.
  await writeAtomic(paths.intake, text, { mode: 0o600, uid: 0, gid: 0 });
}

export async function dropReport({ paths }: { paths: Paths }): Promise<void> {
  await privateFolder(paths.run);
  await removeFile(paths.intake);
}

/** The report of this boot, or undefined. */
export async function readReport(paths: Paths): Promise<IntakeReport | undefined> {
  try {
    const value: unknown = JSON.parse((await readIfThere(paths.intake)) ?? "null");
    return isReport(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Waits for a report, or for an export to ask about, without keeping anybody. */
export async function watchReport(paths: Paths): Promise<Arrival> {
  const controller = new AbortController();
  await privateFolder(paths.run);
  const look = async (): Promise<void> => {
    const found = await readFoundExports(paths);
    if (found.length > 0 || (await readReport(paths)) !== undefined) controller.abort();
  };
  const watcher = watch(paths.run, { persistent: false }, (_event, name) => {
    if (name === basename(paths.intake) || name === basename(paths.foundExports)) void look();
  });
  return { signal: controller.signal, stop: () => watcher.close() };
}

/** Only root writes there; this tells an older or a cut file. */
function isReport(value: unknown): value is IntakeReport {
  if (!isMap(value)) return false;
  const { origin, settings, problems, notice } = value;
  return (
    isOrigin(origin) &&
    isMap(settings) &&
    ["network", "admin", "defender", "time"].every((part) => isMap(settings[part])) &&
    Array.isArray(settings.clients) &&
    Array.isArray(problems) &&
    Array.isArray(notice) &&
    notice.every((line) => typeof line === "string")
  );
}
