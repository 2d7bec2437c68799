import { constants } from "node:fs";
import { access, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildStem, parseRecord, RECORD_ENDING } from "../evidence/record.ts";
import {
  type BootResults,
  type BootTest,
  bootName,
  bootText,
  imagesOf,
  isScreen,
  MOST_SCREENS,
  screenName,
} from "../evidence/release/boot.ts";
import { pictureOf } from "../evidence/release/png.ts";
import { writeWhole } from "../host/write.ts";

export interface BootRun {
  /** The folder with the images. */
  out: string;
  /** Where the tests left a `<machine>.png` of each. */
  screens: string;
  tests: readonly BootTest[];
  matrix: BootResults["matrix"];
  shard?: string;
}

/** Why results cannot be left in a folder, or undefined: asked before the tests take an hour. */
export async function whyNoResults(out: string): Promise<string | undefined> {
  const names = await readdir(out).catch(() => []);
  const records = names.filter((name) => name.endsWith(RECORD_ENDING));
  if (records.length !== 1) return `${out} holds ${records.length} records of builds`;
  return access(out, constants.W_OK).then(
    () => undefined,
    () => `${out} cannot be written`,
  );
}

/**
 * Leaves results and screens beside the images that were booted, in the place of earlier ones.
 *
 * @returns names of the files
 */
export async function leaveBootResults(run: BootRun): Promise<string[]> {
  const { out, tests, matrix, shard } = run;
  const names = await readdir(out);
  const path = join(out, names.find((name) => name.endsWith(RECORD_ENDING)) ?? "");
  const record = parseRecord(await readFile(path, "utf8"), path);
  const stem = buildStem(record);
  const pictures = await picturesIn(run.screens);
  const screens = pictures.map(({ machine }) => ({ machine, file: screenName(stem, machine) }));
  for (const { machine, bytes } of pictures) await writeWhole(join(out, screenName(stem, machine)), bytes);
  const results = { format: 1, images: imagesOf(record), matrix, tests, screens } as const;
  await writeWhole(
    join(out, bootName(stem)),
    bootText({ ...results, ...(shard === undefined ? {} : { shard }) }),
  );
  const kept = screens.map(({ file }) => file);
  for (const name of names) if (isScreen(name, stem) && !kept.includes(name)) await rm(join(out, name));
  return [bootName(stem), ...kept];
}

/** As many as a page shows, by name. */
async function picturesIn(folder: string): Promise<{ machine: string; bytes: Buffer }[]> {
  const names = (await readdir(folder)).filter((name) => /^[a-z0-9-]+\.png$/.test(name)).sort();
  const read = names.map(async (name) => ({
    machine: name.slice(0, -".png".length),
    bytes: await readFile(join(folder, name)),
  }));
  return (await Promise.all(read))
    .filter(({ bytes }) => pictureOf(bytes) !== undefined)
    .slice(0, MOST_SCREENS);
}
