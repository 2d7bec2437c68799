import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuildRecord, RecordedStage } from "../evidence/record.ts";
import { sha256File } from "../host/sha256.ts";
import { inspectEntry } from "../pipeline/cache/entry.ts";
import type { Cache } from "../pipeline/cache/folder.ts";
import { entryFolder } from "../pipeline/cache/store.ts";
import type { Artifact } from "../pipeline/describe.ts";
import type { Progress } from "../pipeline/progress.ts";
import type { StoredEntry } from "../pipeline/run.ts";
import { compareArtifacts } from "./artifact.ts";
import type { DiskDifference } from "./disk.ts";
import type { ArtifactVerdict } from "./report.ts";
import { type StageVerdict, stageVerdicts, trail } from "./stages.ts";
import { treeOfTar } from "./tar-tree.ts";
import { compareTrees } from "./tree.ts";

export interface CompareOptions {
  record: BuildRecord;
  /** Where the record lies; the first build's artifacts are looked for beside it. */
  recordPath: string;
  /** Of the first build, which may still hold what its stages left. */
  cache: Cache;
  /** What the second build made. */
  entries: ReadonlyMap<string, StoredEntry>;
  artifacts: readonly Artifact[];
  /** Empty folder. */
  work: string;
  signal: AbortSignal;
  progress: Progress;
}

/** Root trees as stages leave them. */
const TREE = "root.tar";

/** Compares every artifact byte for byte, and looks into those that differ. */
export async function compareBuilds(
  options: CompareOptions,
): Promise<{ stages: StageVerdict[]; artifacts: ArtifactVerdict[] }> {
  const { record, entries, signal, progress } = options;
  await mkdir(options.work, { recursive: true });
  const stages = await progress.step("compare the stages", () =>
    stageVerdicts(record.stages, entries, signal),
  );
  const artifacts: ArtifactVerdict[] = [];
  for (const one of record.artifacts) {
    artifacts.push(await progress.step(`compare ${one.file}`, () => judge(one, stages, options)));
  }
  return { stages, artifacts };
}

async function judge(
  { file, size, sha256 }: BuildRecord["artifacts"][number],
  stages: readonly StageVerdict[],
  options: CompareOptions,
): Promise<ArtifactVerdict> {
  const { artifacts, entries, signal } = options;
  const artifact = artifacts.find(({ name }) => name === file);
  const entry = artifact === undefined ? undefined : entries.get(artifact.stage);
  const none = { file, size, expected: sha256, trail: [], parts: [], files: [] };
  if (artifact === undefined || entry === undefined) {
    return { ...none, same: false, parts: ["this Postern does not make it"] };
  }
  const made = join(entry.folder, artifact.file);
  const got = await sha256File(made, signal);
  if (got === sha256) return { ...none, same: true, got };
  const way = trail(artifact.stage, stages);
  return { ...none, same: false, got, trail: way, ...(await lookInside(file, sha256, made, way, options)) };
}

/** Looks at the first build's artifact, else at the trees that its stages left. */
async function lookInside(
  file: string,
  sha256: string,
  made: string,
  way: readonly string[],
  options: CompareOptions,
): Promise<DiskDifference> {
  const { recordPath, signal, work } = options;
  const first = join(dirname(recordPath), file);
  const found = await sha256File(first, signal).catch(() => undefined);
  signal.throwIfAborted();
  if (found === sha256) return compareArtifacts(first, made, work, signal);
  const about =
    found === undefined ? "is not beside the record" : "beside the record is not the recorded one";
  const parts = [`${file} ${about}`];
  for (const id of way) {
    const tree = await compareStageTrees(id, options);
    if (tree !== undefined) return { parts, files: tree };
  }
  return { parts, files: [] };
}

async function compareStageTrees(id: string, options: CompareOptions) {
  const { record, cache, entries, signal } = options;
  const now = entries.get(id);
  const stage = record.stages.find((one) => one.id === id);
  if (now === undefined || stage === undefined || !stage.files.some(({ name }) => name === TREE))
    return undefined;
  const folder = await cachedFolder(stage, cache);
  if (folder === undefined) return undefined;
  const was = await treeOfTar(join(folder, TREE), signal);
  const is = await treeOfTar(join(now.folder, TREE), signal);
  return compareTrees(was, is).map(({ path, what }) => ({ path: `${id}:/${path}`, what }));
}

/** The entry of the first build, if the cache still has that very one. */
async function cachedFolder(stage: RecordedStage, cache: Cache): Promise<string | undefined> {
  const folder = entryFolder(cache, stage.id, stage.key);
  const state = await inspectEntry(folder, stage.key);
  if (state.kind !== "whole") return undefined;
  const same = stage.files.every(({ name, digest }) =>
    state.entry.files.some((file) => file.name === name && file.digest === digest),
  );
  return same ? folder : undefined;
}
