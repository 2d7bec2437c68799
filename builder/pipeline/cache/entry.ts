import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import Joi from "joi";
import { messageOf } from "../../error.ts";
import { hasCode } from "../../host/faults.ts";
import { CACHE_FORMAT } from "../key.ts";
import { DIGEST, type Digest, digestFile, hasDigest } from "./digest.ts";

/** A file of an entry, as it was when the stage ended. */
export interface EntryFile {
  /** Relative to the entry. */
  name: string;
  /** Bytes. */
  size: number;
  /** Nanoseconds since 1970, in decimal. */
  mtime: string;
  digest: Digest;
}

/** `entry.json`: what a stage left, and what went in. */
export interface Entry {
  format: number;
  stage: string;
  key: string;
  inputs: Readonly<Record<string, string>>;
  /** Keys of the stages it read. */
  needs: Readonly<Record<string, string>>;
  files: readonly EntryFile[];
  /** Wall time that making it took. */
  seconds: number;
}

export const ENTRY_FILE = "entry.json";

const texts = Joi.object().pattern(Joi.string(), Joi.string().allow(""));
const schema = Joi.object<Entry>({
  format: Joi.number().integer().required(),
  stage: Joi.string().required(),
  key: Joi.string().hex().length(64).required(),
  inputs: texts.required(),
  needs: texts.required(),
  files: Joi.array()
    .items(
      Joi.object<EntryFile>({
        name: Joi.string().required(),
        size: Joi.number().integer().min(0).required(),
        mtime: Joi.string().pattern(/^\d+$/).required(),
        digest: Joi.string().pattern(DIGEST).required(),
      }),
    )
    .required(),
  seconds: Joi.number().min(0).required(),
});

/** How a folder of the cache stands: usable, not there, or damaged in a way that words say. */
export type EntryState =
  | { kind: "whole"; entry: Entry }
  | { kind: "absent" }
  | { kind: "damaged"; problem: string };

/** Reads an entry and checks its files by size and time, which takes no reading. */
export async function inspectEntry(folder: string, key: string): Promise<EntryState> {
  const entry = await readEntry(folder);
  if (entry === undefined) return (await isThere(folder)) ? damaged(ENTRY_FILE) : { kind: "absent" };
  if (entry.key !== key) return damaged(`${ENTRY_FILE} has another key`);
  for (const file of entry.files) {
    const stat = await lstat(join(folder, file.name), { bigint: true }).catch(() => undefined);
    if (stat === undefined) return damaged(`file ${file.name} is missing`);
    if (!stat.isFile()) return damaged(`${file.name} is not a file`);
    if (Number(stat.size) !== file.size) return damaged(`file ${file.name} has another size`);
    if (String(stat.mtimeNs) !== file.mtime) return damaged(`file ${file.name} has another time`);
  }
  return { kind: "whole", entry };
}

/** Reads every byte of an entry. @returns the first file that is not what it was, or undefined. */
export async function findDamage(
  folder: string,
  entry: Entry,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const { name, digest } of entry.files) {
    try {
      if (!(await hasDigest(join(folder, name), digest, signal))) return `file ${name} has other bytes`;
    } catch (error) {
      signal.throwIfAborted();
      return `file ${name} cannot be read: ${messageOf(error)}`;
    }
  }
  return undefined;
}

/** The entry in a folder, or undefined where there is none that can be read. */
export async function readEntry(folder: string): Promise<Entry | undefined> {
  try {
    const { value, error } = schema.validate(JSON.parse(await readFile(join(folder, ENTRY_FILE), "utf8")), {
      convert: false,
    });
    return error === undefined && value?.format === CACHE_FORMAT ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/**
 * Lists what a stage left, sorted by code unit.
 *
 * @throws Error when it left anything but files and folders: a link would lead out of the entry.
 */
export async function listFiles(folder: string, signal: AbortSignal): Promise<EntryFile[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: EntryFile[] = [];
  for (const item of found) {
    if (item.isDirectory()) continue;
    const path = join(item.parentPath, item.name);
    const name = relative(folder, path);
    if (!item.isFile()) throw new Error(`a stage left ${name}, which is not a file`);
    const { size, mtimeNs } = await lstat(path, { bigint: true });
    files.push({ name, size: Number(size), mtime: String(mtimeNs), digest: await digestFile(path, signal) });
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function damaged(problem: string): EntryState {
  return { kind: "damaged", problem };
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
