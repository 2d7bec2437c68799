import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Joi from "joi";
import { hasCode } from "../../host/faults.ts";
import { holderOfThisProcess } from "../../host/holder.ts";
import { writeWhole } from "../../host/write.ts";
import type { Cache } from "./folder.ts";
import { isDead, namesIn } from "./sweep.ts";

/** `last-build.json`: what `clean` keeps, and what need not be copied again. */
export interface LastBuild {
  /** Folder names of the entries that the last build used. */
  entries: readonly string[];
  published: readonly PublishedRecord[];
}

/** An artifact as it was put into an output folder. */
export interface PublishedRecord {
  path: string;
  /** The entry and file that it is a copy of. */
  source: string;
  /** Of `fileStamp()`: unchanged as long as this is. */
  stamp: string;
  size: number;
  /** Hex. */
  sha256: string;
}

const schema = Joi.object<LastBuild>({
  entries: Joi.array().items(Joi.string()).required(),
  published: Joi.array()
    .items(
      Joi.object<PublishedRecord>({
        path: Joi.string().required(),
        source: Joi.string().required(),
        stamp: Joi.string().required(),
        size: Joi.number().integer().min(0).required(),
        sha256: Joi.string().hex().length(64).required(),
      }),
    )
    .required(),
});

/** What is not there, or cannot be read, is as if nothing had been built. */
export async function readLastBuild(cache: Cache): Promise<LastBuild> {
  const nothing: LastBuild = { entries: [], published: [] };
  try {
    const { value, error } = schema.validate(JSON.parse(await readFile(cache.lastBuild, "utf8")), {
      convert: false,
    });
    return error === undefined && value !== undefined ? value : nothing;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, "ENOENT")) return nothing;
    throw error;
  }
}

export async function writeLastBuild(cache: Cache, last: LastBuild): Promise<void> {
  await writeWhole(cache.lastBuild, `${JSON.stringify(last, null, 1)}\n`, 0o600);
}

/** Tells `clean` which entries this process uses, until it ends. @returns the file, to be removed. */
export async function markRunning(cache: Cache, entries: readonly string[]): Promise<string> {
  const holder = holderOfThisProcess();
  const file = join(cache.running, `${holder.token}.json`);
  await writeFile(file, JSON.stringify({ ...holder, entries }), { mode: 0o600 });
  return file;
}

/** The entries that builds which run now use. */
export async function entriesInUse(cache: Cache): Promise<Set<string>> {
  const used = new Set<string>();
  for (const name of await namesIn(cache.running)) {
    const file = join(cache.running, name);
    if (await isDead(file)) continue;
    const { value, error } = running.validate(JSON.parse(await readFile(file, "utf8")));
    if (error === undefined) for (const entry of value.entries) used.add(entry);
  }
  return used;
}

const running = Joi.object<{ entries: string[] }>({
  entries: Joi.array().items(Joi.string()).required(),
}).unknown();
