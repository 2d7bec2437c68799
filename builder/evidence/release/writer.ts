import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../../host/faults.ts";
import { sha256File } from "../../host/sha256.ts";
import { loadBase } from "../../recipe/base.ts";
import { writeIfChanged } from "../dist.ts";
import type { EvidenceContext, EvidenceWriter } from "../finish.ts";
import { statementName } from "../provenance/statement.ts";
import { type BuildRecord, recordName } from "../record.ts";
import { type BootResults, bootName, isOfBuild, parseBootResults } from "./boot.ts";
import { type ReleaseFile, recordedFiles } from "./files.ts";
import { type HardeningFigures, hardeningFigures } from "./hardening.ts";
import { pageName, type ReleaseFacts, releasePage } from "./page.ts";
import { pictureOf } from "./png.ts";

/**
 * Writes the release page of a build, of what lies in its folder.
 *
 * @param since the record of an earlier build, to say which packages changed
 */
export function releaseWriter(since?: BuildRecord): EvidenceWriter {
  return async (context) => {
    const { folder, stem, record, statement } = context;
    const boot = await bootOf(context);
    const hardening = await hardeningOf(context);
    const evidence = [recordName(record.version, record.base), statementName(record)];
    const facts: ReleaseFacts = {
      baseTitle: (await loadBase(record.base)).title,
      record,
      invocation: statement.predicate.runDetails.metadata.invocationId,
      files: [
        ...recordedFiles(record),
        ...(await Promise.all(evidence.map((name) => fileOf(folder, name, context.signal)))),
      ],
      ...(hardening === undefined ? {} : { hardening }),
      ...(since === undefined ? {} : { since }),
      ...(boot.facts === undefined ? {} : { boot: boot.facts }),
    };
    await writeIfChanged(join(folder, pageName(stem)), await releasePage(facts));
    return [pageName(stem), ...boot.names];
  };
}

async function fileOf(folder: string, name: string, signal: AbortSignal): Promise<ReleaseFile> {
  const path = join(folder, name);
  return { name, size: (await stat(path)).size, sha256: await sha256File(path, signal) };
}

async function hardeningOf({ folder, stem, record }: EvidenceContext): Promise<HardeningFigures | undefined> {
  const name = `${stem}-hardening.json`;
  if (!record.artifacts.some(({ file }) => file === name)) return undefined;
  return hardeningFigures(await readFile(join(folder, name), "utf8"), join(folder, name));
}

interface FoundBoot {
  facts: ReleaseFacts["boot"];
  /** Files that belong to it; results of other images belong to no build here. */
  names: readonly string[];
}

/** @throws PosternError `artifact.boot-results` when what lies there is none. */
async function bootOf({ folder, stem, record }: EvidenceContext): Promise<FoundBoot> {
  const path = join(folder, bootName(stem));
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (text === undefined) return { facts: undefined, names: [] };
  const results = parseBootResults(text, path);
  if (!isOfBuild(results, record)) return { facts: "stale", names: [] };
  const screens = await screensOf(folder, results);
  return {
    facts: { results, screens: screens.map(({ machine, picture }) => ({ machine, picture })) },
    names: [bootName(stem), ...screens.map(({ file }) => file)],
  };
}

/** A picture that is gone, or is none, is left out. */
async function screensOf(folder: string, { screens }: BootResults) {
  const there = new Set(await readdir(folder));
  const found = await Promise.all(
    screens
      .filter(({ file }) => there.has(file))
      .map(async ({ machine, file }) => {
        const picture = pictureOf(await readFile(join(folder, file)));
        return picture === undefined ? [] : [{ machine, file, picture }];
      }),
  );
  return found.flat();
}
