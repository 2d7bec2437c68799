import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../error.ts";
import { parseRecord, RECORD_ENDING } from "./record.ts";
import { parseSums, SUMS_FILE, type Sums } from "./sums.ts";

/** What a build left beside its images, as far as it is there. */
export interface Beside {
  /** Names of all files in the folder, sorted. */
  names: readonly string[];
  sums?: Sums;
  /** From the records of the builds; none where there is no record. */
  recorded?: Sums;
  /** What cannot be read, by the file's name. */
  broken: ReadonlyMap<string, string>;
}

/** Reads SHA256SUMS and the records in a folder. One that is broken does not hide what is wrong with the others. */
export async function readBeside(folder: string): Promise<Beside> {
  const names = (await readdir(folder)).sort();
  const broken = new Map<string, string>();
  const read = async <T>(name: string, parse: (text: string, path: string) => T): Promise<T | undefined> => {
    const path = join(folder, name);
    try {
      return parse(await readFile(path, "utf8"), path);
    } catch (error) {
      if (!(error instanceof PosternError)) throw error;
      broken.set(name, error.message);
      return undefined;
    }
  };
  const sums = names.includes(SUMS_FILE) ? await read(SUMS_FILE, parseSums) : undefined;
  const records = names.filter((name) => name.endsWith(RECORD_ENDING));
  const recorded = new Map<string, string>();
  for (const name of records) {
    const record = await read(name, parseRecord);
    for (const { file, sha256 } of record?.artifacts ?? []) recorded.set(file, sha256);
  }
  return {
    names,
    broken,
    ...(sums === undefined ? {} : { sums }),
    ...(records.length === 0 ? {} : { recorded }),
  };
}
