import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../error.ts";
import { type Ownership, privateFolder, readIfThere, removeFile, writeAtomic } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { keepCatalogue, sweepCatalogues } from "./keptcatalogues.ts";
import { isOrigin, type Origin } from "./origin.ts";

/** Settings that were confirmed once. */
export interface HistoryEntry {
  /** From 1 on; never given twice. */
  number: number;
  /** When they were confirmed, by the machine's clock: ISO 8601, UTC. */
  time: string;
  origin: Origin;
  /** The settings as their author wrote them. */
  text: string;
  /** Name of the installed catalogue that was in force with them; undefined: the image's own. */
  catalogue?: string;
}

const MOST_KEPT = 20;
const OURS: Ownership = { mode: 0o600, uid: 0, gid: 0 };
const NAME = /^(\d{1,9})\.json$/;

/** The confirmed settings of this machine, newest first; a file that is none of ours is left out. */
export async function history({ paths }: System): Promise<HistoryEntry[]> {
  const numbers = await kept(paths.history);
  const texts = await Promise.all(
    numbers.map((number) => readIfThere(join(paths.history, `${number}.json`))),
  );
  return texts.flatMap((text, index) => {
    const entry = entryOf(numbers[index] ?? 0, text);
    return entry === undefined ? [] : [entry];
  });
}

/** @throws PosternError `input.history` when there is no such entry. */
export async function historyEntry(system: System, number: number): Promise<HistoryEntry> {
  const all = await history(system);
  const entry = all.find((one) => one.number === number);
  if (entry !== undefined) return entry;
  const known = all.map((one) => one.number).toReversed();
  throw new PosternError({
    code: "input.history",
    message: `There are no settings ${number} in the history; it has ${known.join(", ") || "none"}.`,
    hint: "posternctl history lists them.",
  });
}

/** Adds what was just confirmed, with its catalogue, unless it is the newest already, and drops the oldest. */
export async function remember(system: System, text: string, origin: Origin): Promise<void> {
  const { paths } = system;
  const numbers = await kept(paths.history);
  const newest = numbers[0] ?? 0;
  const last = entryOf(newest, await readIfThere(join(paths.history, `${newest}.json`)));
  const catalogue = await keepCatalogue(system);
  if (last?.text === text && last.catalogue === catalogue) return;
  await privateFolder(paths.history);
  const about = catalogue === undefined ? {} : { catalogue };
  const entry = { time: new Date().toISOString(), origin, text, ...about };
  const place = join(paths.history, `${newest + 1}.json`);
  await writeAtomic(place, `${JSON.stringify(entry, undefined, 2)}\n`, OURS);
  for (const number of numbers.slice(MOST_KEPT - 1)) await removeFile(join(paths.history, `${number}.json`));
  await sweepCatalogues(
    system,
    (await history(system)).flatMap((one) => one.catalogue ?? []),
  );
}

/** Numbers that are taken, newest first. */
async function kept(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => other - one);
}

function entryOf(number: number, text: string | undefined): HistoryEntry | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value !== "object" || value === null) return undefined;
    if (!("time" in value && "origin" in value && "text" in value) || !isOrigin(value.origin))
      return undefined;
    if (typeof value.time !== "string" || typeof value.text !== "string") return undefined;
    const catalogue =
      "catalogue" in value && typeof value.catalogue === "string" ? value.catalogue : undefined;
    const about = catalogue === undefined ? {} : { catalogue };
    return { number, time: value.time, origin: value.origin, text: value.text, ...about };
  } catch {
    return undefined;
  }
}
