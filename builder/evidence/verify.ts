import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { messageOf } from "../error.ts";
import { checkArtifact } from "../formats/read.ts";
import { hasCode } from "../host/faults.ts";
import { sha256File } from "../host/sha256.ts";
import type { Progress } from "../pipeline/progress.ts";
import { FORMATS, type Format } from "../recipe/recipe.ts";
import { parseRecord } from "./record.ts";
import { parseSums, SUMS_FILE, type Sums } from "./sums.ts";

/** What was found out about one file. */
export interface FileVerdict {
  file: string;
  /** Bytes; 0 when it is not there. */
  size: number;
  /** What was looked at: its sum, its container, the record of its build. */
  checked: readonly ("sum" | "container" | "record")[];
  problems: readonly string[];
}

/**
 * Checks a file, or every file of a build's folder: against SHA256SUMS beside it, against the record of its
 * build, and by opening the container with code that did not write it.
 */
export async function verifyPath(
  path: string,
  signal: AbortSignal,
  progress: Progress,
): Promise<FileVerdict[]> {
  const whole = (await stat(path)).isDirectory();
  const folder = whole ? path : dirname(path);
  const sums = await sumsIn(folder);
  const names = whole ? await namesToCheck(folder, sums) : [basename(path)];
  const recorded = await recordedSums(folder);
  const verdicts: FileVerdict[] = [];
  for (const name of names) {
    signal.throwIfAborted();
    const verdict = await progress.step(name, (inner) =>
      verifyFile(folder, name, { sums, recorded, strict: whole }, signal, inner),
    );
    verdicts.push(verdict);
  }
  return verdicts;
}

interface Expected {
  sums: Sums | undefined;
  /** From the records of the builds. */
  recorded: Sums;
  /** A file of a folder must have a sum; a file by itself may have none. */
  strict: boolean;
}

async function verifyFile(
  folder: string,
  name: string,
  { sums, recorded, strict }: Expected,
  signal: AbortSignal,
  progress: Progress,
): Promise<FileVerdict> {
  const path = join(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return { file: name, size: 0, checked: [], problems: ["it is not there"] };
  const checked: FileVerdict["checked"][number][] = [];
  const problems: string[] = [];
  const expected = sums?.get(name);
  const record = recorded.get(name);
  if (expected !== undefined || record !== undefined) {
    const actual = await sha256File(path, signal, (done) => progress.bar(done, found.size, "bytes"));
    if (expected !== undefined) checked.push("sum");
    if (expected !== undefined && actual !== expected)
      problems.push(`its SHA-256 is not the one in ${SUMS_FILE}`);
    if (record !== undefined) checked.push("record");
    if (record !== undefined && actual !== record)
      problems.push("its SHA-256 is not the one in the record of its build");
  }
  if (expected === undefined && strict) problems.push(`it is not in ${SUMS_FILE}`);
  const format = formatOf(name);
  if (format !== undefined) {
    checked.push("container");
    problems.push(...(await containerProblems(path, format, signal)));
  }
  if (checked.length === 0)
    problems.push(`nothing to check it by: no ${SUMS_FILE}, and no format known here`);
  return { file: name, size: found.size, checked, problems };
}

async function containerProblems(path: string, format: Format, signal: AbortSignal): Promise<string[]> {
  try {
    return (await checkArtifact(path, format, signal)).problems;
  } catch (error) {
    signal.throwIfAborted();
    return [messageOf(error)];
  }
}

function formatOf(name: string): Format | undefined {
  return FORMATS.find((format) => extname(name) === `.${format}`);
}

async function sumsIn(folder: string): Promise<Sums | undefined> {
  const path = join(folder, SUMS_FILE);
  try {
    return parseSums(await readFile(path, "utf8"), path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** What has a sum, and every image: one that was put there later must not go by unseen. */
async function namesToCheck(folder: string, sums: Sums | undefined): Promise<string[]> {
  const images = (await readdir(folder)).filter((name) => formatOf(name) !== undefined);
  return [...new Set([...(sums?.keys() ?? []), ...images])].sort();
}

async function recordedSums(folder: string): Promise<Sums> {
  const sums = new Map<string, string>();
  for (const name of (await readdir(folder)).filter((one) => one.endsWith(".build.json")).sort()) {
    const path = join(folder, name);
    const { artifacts } = parseRecord(await readFile(path, "utf8"), path);
    for (const { file, sha256 } of artifacts) sums.set(file, sha256);
  }
  return sums;
}
