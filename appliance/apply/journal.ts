import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import {
  type Ownership,
  ownershipOf,
  privateFolder,
  readIfThere,
  removeFile,
  writeAtomic,
} from "../system/files.ts";
import type { System } from "../system/system.ts";
import type { SquidChange } from "./activate.ts";
import { remember } from "./history.ts";
import { isOrigin, type Origin } from "./origin.ts";

/** One file of a change, and what stood in its place before. */
interface JournalFile {
  /** Absolute, as the machine sees it. */
  path: string;
  /** Name of the copy of the old text in the folder of previous files; null: there was no file. */
  copy: string | null;
  owner: Ownership;
}

/**
 * What is under way, on disk before the first file is touched.
 *
 * - `swapping`: some files may be new, some old. An interrupted change goes back.
 * - `swapped`: every file is new and was checked. An interrupted change goes forward.
 * - `unconfirmed`: the same, but somebody has to say that the machine can still be reached. Without a word it
 *   goes back, by a timer or by the next start.
 */
export interface Journal {
  state: "swapping" | "swapped" | "unconfirmed";
  origin: Origin;
  /** How Squid takes these files, and those that stood here before. */
  squid: SquidChange;
  files: JournalFile[];
  /** Of `unconfirmed`: seconds since the machine started. Its clock may be set by the very change. */
  deadline?: number;
}

export type Outcome = "nothing" | "undone" | "finished";

const OURS: Ownership = { mode: 0o600, uid: 0, gid: 0 };

/** Copies what the paths hold now and opens the journal. From here on the change can be undone. */
export async function openJournal(
  system: System,
  targets: readonly string[],
  about: Pick<Journal, "origin" | "squid">,
): Promise<Journal> {
  const { paths } = system;
  await privateFolder(paths.state);
  await rm(paths.previous, { recursive: true, force: true });
  await privateFolder(paths.previous);
  const files: JournalFile[] = [];
  for (const [index, path] of targets.entries()) {
    const content = await standing(system, path);
    const owner = (await ownershipOf(paths.at(path))) ?? OURS;
    const copy = content === undefined ? null : `${index}`;
    if (copy !== null && content !== undefined) await writeAtomic(join(paths.previous, copy), content, OURS);
    files.push({ path, copy, owner });
  }
  const journal: Journal = { state: "swapping", ...about, files };
  await writeJournal(system, journal);
  return journal;
}

/**
 * What a way back has to bring to a place. A settings file that was edited where it lies is already the new one:
 * the way back leads to the confirmed text.
 */
async function standing({ paths }: System, path: string): Promise<string | undefined> {
  const confirmed = path === SETTINGS ? await readIfThere(paths.confirmed) : undefined;
  return confirmed ?? readIfThere(paths.at(path));
}

/** Every file is in its place: from here on an interrupted change is finished, not undone. */
export async function markSwapped(system: System, journal: Journal): Promise<void> {
  await writeJournal(system, { ...journal, state: "swapped" });
}

/** Every file is in its place, and goes back unless it is confirmed before `deadline`. */
export async function markUnconfirmed(system: System, journal: Journal, deadline: number): Promise<void> {
  await writeJournal(system, { ...journal, state: "unconfirmed", deadline });
}

/** Puts back what stood in every place of the journal, keeps the settings that go, and closes it. */
export async function undo(system: System, journal: Journal): Promise<void> {
  const { paths } = system;
  await keepRejected(system);
  // Backwards: while the journal says `swapping`, a second interruption begins again from the start.
  await writeJournal(system, { ...journal, state: "swapping" });
  for (const { path, copy, owner } of journal.files.toReversed()) {
    if (copy === null) {
      await removeFile(paths.at(path));
      continue;
    }
    const content = await readIfThere(join(paths.previous, copy));
    if (content === undefined) throw brokenJournal(`the copy of ${path} is missing`);
    await writeAtomic(paths.at(path), content, owner);
  }
  await removeFile(paths.journal);
}

/** Settings that were taken back are somebody's work, and may be all there is of it. */
async function keepRejected({ paths }: System): Promise<void> {
  const [text, confirmed] = await Promise.all([readIfThere(paths.settings), readIfThere(paths.confirmed)]);
  if (text !== undefined && text !== confirmed) await writeAtomic(paths.rejected, text, OURS);
}

/** The change is whole: keeps the settings as the confirmed ones, in the history too, and closes the journal. */
export async function commit(system: System, origin: Origin): Promise<void> {
  const { paths } = system;
  const settings = await readIfThere(paths.settings);
  if (settings === undefined) throw brokenJournal("there are no settings to confirm");
  await privateFolder(paths.state);
  await writeAtomic(paths.confirmed, settings, OURS);
  await remember(system, settings, origin);
  await removeFile(paths.journal);
}

/** The journal of a change that was cut off, or undefined. */
export async function readJournal({ paths }: System): Promise<Journal | undefined> {
  const text = await readIfThere(paths.journal);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isJournal(value)) return value;
  } catch (error) {
    throw brokenJournal("it is not JSON", error);
  }
  throw brokenJournal("it has another form");
}

/** Removes half-written files that a kill may have left beside their places. */
export async function sweep(system: System, targets: readonly string[]): Promise<void> {
  for (const path of targets) await rm(`${system.paths.at(path)}.postern-new`, { force: true });
  const left = await readdir(system.paths.state).catch(() => []);
  for (const name of left.filter((entry) => entry.endsWith(".postern-new"))) {
    await rm(join(system.paths.state, name), { force: true });
  }
}

async function writeJournal({ paths }: System, journal: Journal): Promise<void> {
  await writeAtomic(paths.journal, `${JSON.stringify(journal, undefined, 2)}\n`, OURS);
}

function isJournal(value: unknown): value is Journal {
  if (typeof value !== "object" || value === null) return false;
  if (!("state" in value && "files" in value && "origin" in value && "squid" in value)) return false;
  const { state, files, origin, squid } = value;
  const hasDeadline = "deadline" in value && typeof value.deadline === "number";
  return (
    (state === "swapping" || state === "swapped" || (state === "unconfirmed" && hasDeadline)) &&
    (squid === "none" || squid === "reload" || squid === "restart") &&
    isOrigin(origin) &&
    Array.isArray(files) &&
    files.every(isFile)
  );
}

function isFile(value: unknown): value is JournalFile {
  if (typeof value !== "object" || value === null) return false;
  if (!("path" in value && "copy" in value && "owner" in value)) return false;
  const { path, copy, owner } = value;
  const isPath = typeof path === "string" && path.startsWith("/") && !path.split("/").includes("..");
  const isCopy = copy === null || (typeof copy === "string" && /^\d+$/.test(copy));
  return (
    isPath &&
    isCopy &&
    typeof owner === "object" &&
    owner !== null &&
    "mode" in owner &&
    "uid" in owner &&
    "gid" in owner
  );
}

function brokenJournal(what: string, cause?: unknown): PosternError {
  return new PosternError({
    code: "host.journal",
    message: `The journal of an interrupted change cannot be used: ${what}.`,
    hint: "Look at /var/lib/postern/journal.json, remove it, then run: posternctl apply",
    ...(cause === undefined ? {} : { cause }),
  });
}
