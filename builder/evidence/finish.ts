import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../error.ts";
import { sha256File } from "../host/sha256.ts";
import type { Progress } from "../pipeline/progress.ts";
import { writeSignable, writeSums } from "./dist.ts";
import { type Statement, statementName, statementOf, statementText } from "./provenance/statement.ts";
import { type BuildRecord, buildStem, parseRecord, recordName } from "./record.ts";
import type { SignKey } from "./signing/key.ts";
import { signFiles } from "./signing/sign.ts";
import { SUMS_FILE, type Sums } from "./sums.ts";

/** What a writer of more evidence gets. */
export interface EvidenceContext {
  /** Where the build lies: artifacts, record and statement are there. */
  folder: string;
  /** What the names of its files begin with. */
  stem: string;
  record: BuildRecord;
  statement: Statement;
  signal: AbortSignal;
}

/**
 * Writes more evidence of a build, such as its release page.
 *
 * @returns names of the files in the folder that the sums, and so the signature, are to vouch for: its own, and those
 * that were there and belong to the build.
 */
export type EvidenceWriter = (context: EvidenceContext) => Promise<readonly string[]>;

export interface FinishOptions {
  folder: string;
  /** Of the build; its record is in the folder already. */
  build: Pick<BuildRecord, "version" | "base">;
  /** Digests of artifacts that were read a moment ago; all others are read here. */
  known?: Sums;
  /** In the order they run. */
  writers?: readonly EvidenceWriter[];
  /** Without one nothing is signed, and signatures that do not hold any more are gone. */
  signKey?: SignKey;
  /** Whether a person can answer the key's question. */
  canAsk: boolean;
  signal: AbortSignal;
  progress: Progress;
}

export interface Finished {
  /** All files that the sums vouch for as this build's. */
  files: readonly string[];
  /** Those that have a signature. */
  signed: readonly string[];
}

/**
 * Writes what stands over the files of a build, in this order: the provenance statement, more evidence, SHA256SUMS,
 * and the signatures. Each appears whole, by one rename, and what did not change is not written again.
 *
 * @throws PosternError `artifact.record` or `artifact.changed` when the folder does not hold what its record says;
 * `input.sign-key` when the key does not sign: then all but the signatures is there.
 */
export async function finishFolder(options: FinishOptions): Promise<Finished> {
  const { folder, build, writers = [], signKey, canAsk, signal } = options;
  const recordFile = recordName(build.version, build.base);
  const recordPath = join(folder, recordFile);
  const record = parseRecord(await readFile(recordPath, "utf8"), recordPath);
  const sums = await artifactSums(record, options);
  const hash = async (name: string): Promise<string> => sha256File(join(folder, name), signal);
  sums.set(recordFile, await hash(recordFile));

  const statement = statementOf(record, { name: recordFile, sha256: sums.get(recordFile) ?? "" });
  const statementFile = statementName(record);
  await writeSignable(join(folder, statementFile), statementText(statement));
  sums.set(statementFile, await hash(statementFile));

  const context = { folder, stem: buildStem(record), record, statement, signal };
  for (const write of writers) for (const name of await write(context)) sums.set(name, await hash(name));

  await writeSums(folder, sums);
  const files = [...sums.keys()];
  if (signKey === undefined) return { files, signed: [] };
  const signed = [statementFile, SUMS_FILE];
  await signFiles(folder, signed, signKey, { canAsk, signal });
  return { files, signed };
}

/** Nothing is vouched for that was not read. */
async function artifactSums(
  { artifacts }: BuildRecord,
  options: FinishOptions,
): Promise<Map<string, string>> {
  const { folder, known, signal, progress } = options;
  const changed: string[] = [];
  for (const { file, size, sha256 } of artifacts) {
    const read = (): Promise<string | undefined> =>
      progress.step(`read ${file}`, (inner) =>
        sha256File(join(folder, file), signal, (done) => inner.bar(done, size, "bytes")).catch(
          absent(signal),
        ),
      );
    const actual = known?.get(file) ?? (await read());
    if (actual === undefined) changed.push(`  ${file}: it cannot be read`);
    else if (actual !== sha256) changed.push(`  ${file}: it has other bytes`);
  }
  if (changed.length === 0) return new Map(artifacts.map(({ file, sha256 }) => [file, sha256]));
  throw new PosternError({
    code: "artifact.changed",
    message: `${folder} does not hold what the record of its build says\n${changed.join("\n")}`,
    hint: "Put the files of that build there again: ./postern build.",
  });
}

function absent(signal: AbortSignal): () => undefined {
  return () => {
    signal.throwIfAborted();
    return undefined;
  };
}
