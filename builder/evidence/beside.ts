import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../error.ts";
import { type BuildRecord, buildStem, parseRecord, RECORD_ENDING } from "./record.ts";
import { parseSums, SUMS_FILE, type Sums } from "./sums.ts";

/** What a build left beside its images, as far as it is there. */
export interface Beside {
  /** Names of all files in the folder, sorted. */
  names: readonly string[];
  sums?: Sums;
  /** The records that can be read, by their file's name. */
  records: ReadonlyMap<string, BuildRecord>;
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
  const found = names.filter((name) => name.endsWith(RECORD_ENDING));
  const records = new Map<string, BuildRecord>();
  for (const name of found) {
    const record = await read(name, parseRecord);
    if (record !== undefined) records.set(name, record);
  }
  const recorded = new Map(
    [...records.values()].flatMap(({ artifacts }) =>
      artifacts.map(({ file, sha256 }): [string, string] => [file, sha256]),
    ),
  );
  return {
    ...{ names, broken, records },
    ...(sums === undefined ? {} : { sums }),
    ...(found.length === 0 ? {} : { recorded }),
  };
}

/** Whether a file's name is one of the build that a record tells of. */
export function isOfBuild(name: string, record: Pick<BuildRecord, "version" | "base">): boolean {
  const stem = buildStem(record);
  return name.startsWith(`${stem}.`) || name.startsWith(`${stem}-`);
}
