import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeIfChanged, writeSums } from "../evidence/dist.ts";
import { finishFolder } from "../evidence/finish.ts";
import { fileStamp, publishFile } from "../evidence/publish.ts";
import { type BuildRecord, buildStem, recordedRecipe, recordName, recordText } from "../evidence/record.ts";
import { releaseWriter } from "../evidence/release/writer.ts";
import type { SignKey } from "../evidence/signing/key.ts";
import { signatureName } from "../evidence/signing/signature.ts";
import type { ProjectSource } from "../host/source.ts";
import type { Cache } from "../pipeline/cache/folder.ts";
import { type LastBuild, type PublishedRecord, writeLastBuild } from "../pipeline/cache/last-build.ts";
import type { Artifact, BuildDescription } from "../pipeline/describe.ts";
import { entryName } from "../pipeline/key.ts";
import type { PendingAnswer } from "../pipeline/pending.ts";
import type { Plan } from "../pipeline/plan.ts";
import type { Reporter } from "../pipeline/report/events.ts";
import { progressFor } from "../pipeline/report/progress.ts";
import type { RunResult, StoredEntry } from "../pipeline/run.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { parsePackageList } from "../stages/base/packages.ts";

export interface PublishOptions {
  recipe: Recipe;
  description: BuildDescription;
  plan: Plan;
  result: RunResult;
  cache: Cache;
  out: string;
  last: LastBuild;
  /** What the archive has newer than the tree. */
  pending: PendingAnswer;
  /** Of what source Postern was when the build began. */
  source: ProjectSource;
  signKey?: SignKey;
  canAsk: boolean;
  signal: AbortSignal;
  reporter: Reporter;
}

type Made = BuildRecord["artifacts"][number];

/** The artifacts that are not in the output folder already, as they would be. */
export async function staleArtifacts(
  plan: Plan,
  { artifacts }: BuildDescription,
  out: string,
  last: LastBuild,
): Promise<Artifact[]> {
  const stale: Artifact[] = [];
  for (const artifact of artifacts) {
    const { path, source } = placeOf(artifact, plan, out);
    if ((await unchanged(path, source, last)) === undefined) stale.push(artifact);
  }
  return stale;
}

/**
 * Puts what was made into the output folder: artifacts, then the record of the build, which is there only when all
 * is, then what stands over both. After a failure (`--keep-going`) what was made still goes out, with sums alone.
 */
export async function deliverBuild(options: PublishOptions): Promise<Made[]> {
  const { recipe, description, plan, result, cache, out, last, signKey, canAsk, signal, reporter } = options;
  const made: Made[] = [];
  const published: PublishedRecord[] = [];
  for (const artifact of description.artifacts) {
    const entry = result.entries.get(artifact.stage);
    if (entry === undefined) continue;
    const record = await publishOne(artifact, entry, options);
    published.push(record);
    made.push({ file: artifact.name, size: record.size, sha256: record.sha256 });
  }
  const sums = new Map(made.map(({ file, sha256 }) => [file, sha256]));
  if (result.failures.length > 0) {
    if (made.length > 0) await writeSums(out, sums);
    return made;
  }
  const build = { version: recipe.version, base: description.base };
  await writeIfChanged(
    join(out, recordName(build.version, build.base)),
    recordText(await buildRecord(options, made)),
  );
  const { files, signed } = await finishFolder({
    ...{ folder: out, build, known: sums, writers: [releaseWriter()], canAsk, signal },
    ...(signKey === undefined ? {} : { signKey }),
    progress: progressFor(reporter, null),
  });
  for (const name of await earlierFiles(out, buildStem(build), [...files, ...signed.map(signatureName)])) {
    const text = `${name} is from an earlier build, and not in the record of this one`;
    reporter.emit({ event: "note", stage: null, text });
  }
  const paths = new Set(published.map(({ path }) => path));
  await writeLastBuild(cache, {
    entries: plan.stages.map(({ stage, key }) => entryName(stage.id, key)),
    published: [...published, ...last.published.filter(({ path }) => !paths.has(path))],
  });
  return made;
}

/** Files of the same version and base that this build did not make: other formats of an earlier one. */
async function earlierFiles(out: string, stem: string, own: readonly string[]): Promise<string[]> {
  const names = (await readdir(out)).filter((name) => name.startsWith(`${stem}.`)).sort();
  return names.filter((name) => !own.includes(name));
}

async function publishOne(
  artifact: Artifact,
  { folder }: StoredEntry,
  { plan, out, last, signal, reporter }: PublishOptions,
): Promise<PublishedRecord> {
  const { path, source } = placeOf(artifact, plan, out);
  const before = await unchanged(path, source, last);
  const record = before ?? (await copyOne(artifact, join(folder, artifact.file), path, source));
  const { size, sha256 } = record;
  reporter.emit({ event: "artifact", file: artifact.name, size, sha256, fresh: before === undefined });
  return record;

  async function copyOne({ name }: Artifact, from: string, to: string, of: string): Promise<PublishedRecord> {
    const copied = await progressFor(reporter, null).step(`write ${name}`, (progress) =>
      publishFile(from, to, signal, (done, total) => progress.bar(done, total, "bytes")),
    );
    return { path: to, source: of, stamp: (await fileStamp(to)) ?? "", ...copied };
  }
}

function placeOf({ stage, file, name }: Artifact, plan: Plan, out: string): { path: string; source: string } {
  const key = plan.stages.find((one) => one.stage.id === stage)?.key ?? "";
  return { path: join(out, name), source: `${entryName(stage, key)}/${file}` };
}

async function unchanged(
  path: string,
  source: string,
  { published }: LastBuild,
): Promise<PublishedRecord | undefined> {
  const known = published.find((one) => one.path === path && one.source === source);
  return known !== undefined && (await fileStamp(path)) === known.stamp ? known : undefined;
}

async function buildRecord(
  { recipe, description, plan, result, source, pending }: PublishOptions,
  artifacts: readonly Made[],
): Promise<BuildRecord> {
  const { base, packages, tools } = description;
  const stages = plan.stages.flatMap(({ stage, key, fate }) => {
    const entry = result.entries.get(stage.id)?.entry ?? (fate.kind === "cached" ? fate.entry : undefined);
    if (entry === undefined) return [];
    const { inputs } = entry;
    const files = entry.files.map(({ name, size, digest }) => ({ name, size, digest }));
    return [{ id: stage.id, key, needs: stage.needs, inputs, files }];
  });
  const list = result.entries.get(packages.stage);
  const text = list === undefined ? "" : await readFile(join(list.folder, packages.file), "utf8");
  return {
    format: 2,
    version: recipe.version,
    base,
    epoch: recipe.epoch,
    artifacts,
    stages,
    tools,
    packages: parsePackageList(text),
    pending,
    recipe: recordedRecipe(recipe),
    source,
  };
}
