import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Check, check, leftOut } from "../../formats/check.ts";
import { formatOfName } from "../../formats/names.ts";
import { sha256File } from "../../host/sha256.ts";
import { isOfBuild } from "../beside.ts";
import { statementSchema } from "../provenance/schema.ts";
import { STATEMENT_ENDING, type Statement, statementName, statementOf } from "../provenance/statement.ts";
import { type BuildRecord, RECORD_ENDING } from "../record.ts";
import { SUMS_FILE, type Sums } from "../sums.ts";
import { type EvidenceFile, type EvidenceReader, readEvidence } from "./reader.ts";

/** The provenance statement: its form, and whether it says what the record and the sums say. */
export const statementReader: EvidenceReader = {
  reads: (name) => name.endsWith(STATEMENT_ENDING),
  checks: statementChecks,
};

const RECORD = "statement: the same as the record";
const SUMS = `statement: the same files as in ${SUMS_FILE}`;

async function statementChecks(file: EvidenceFile): Promise<Check[]> {
  const { name, beside } = file;
  const { value, problems } = await readEvidence(file, statementSchema);
  const form = check("statement: an in-toto statement of SLSA provenance", problems);
  if (value === undefined) return [form];
  const recordFile = `${name.slice(0, -STATEMENT_ENDING.length)}${RECORD_ENDING}`;
  const record = beside.records.get(recordFile);
  const recordCheck =
    record === undefined
      ? check(RECORD, [`no ${recordFile} that can be read lies beside it`])
      : check(RECORD, await recordProblems(file, value, recordFile, record));
  const { sums } = beside;
  if (sums === undefined) return [form, recordCheck, leftOut(SUMS, "none lies beside it")];
  return [form, recordCheck, check(SUMS, sumProblems(value, sums)), ...strangers(value, sums, record)];
}

async function recordProblems(
  { folder, name, signal }: EvidenceFile,
  statement: Statement,
  recordFile: string,
  record: BuildRecord,
): Promise<string[]> {
  const sha256 = await sha256File(join(folder, recordFile), signal);
  const wanted = statementOf(record, { name: recordFile, sha256 });
  const { buildDefinition: is, runDetails } = statement.predicate;
  const { buildDefinition: should, runDetails: run } = wanted.predicate;
  const parts: [what: string, is: unknown, should: unknown][] = [
    ["the recipe", is.externalParameters, should.externalParameters],
    ["base, time and stages", is.internalParameters, should.internalParameters],
    ["what it was made from", is.resolvedDependencies, should.resolvedDependencies],
    ["the tools", runDetails.builder.version, run.builder.version],
    ["the invocation", runDetails.metadata, run.metadata],
    [`the digest of ${recordFile}`, runDetails.byproducts, run.byproducts],
  ];
  return [
    ...(name === statementName(record) ? [] : [`it should be named ${statementName(record)}`]),
    ...subjectProblems(statement, record),
    ...parts.flatMap(([what, one, other]) =>
      // The record may hold what JSON leaves out.
      isDeepStrictEqual(one, JSON.parse(JSON.stringify(other))) ? [] : [`${what}: not the same`],
    ),
  ];
}

function subjectProblems({ subject }: Statement, { artifacts }: BuildRecord): string[] {
  const stated = new Map(subject.map(({ name, digest }) => [name, digest.sha256]));
  const recorded = new Map(artifacts.map(({ file, sha256 }) => [file, sha256]));
  return [...new Set([...stated.keys(), ...recorded.keys()])].sort().flatMap((file) => {
    if (!recorded.has(file)) return [`${file} is in the statement only`];
    if (!stated.has(file)) return [`${file} is in the record only`];
    return stated.get(file) === recorded.get(file) ? [] : [`${file} has another digest in the record`];
  });
}

function sumProblems({ subject }: Statement, sums: Sums): string[] {
  return subject.flatMap(({ name, digest }) => {
    const sum = sums.get(name);
    if (sum === undefined) return [`${name} is in the statement only`];
    return sum === digest.sha256 ? [] : [`${name} has another digest there`];
  });
}

/** Other formats of an earlier build of the same version: the sums keep them, the statement knows nothing of them. */
function strangers({ subject }: Statement, sums: Sums, record: BuildRecord | undefined): Check[] {
  const known = new Set(subject.map(({ name }) => name));
  return [...sums.keys()]
    .filter((name) => record !== undefined && isOfBuild(name, record) && formatOfName(name) !== undefined)
    .filter((name) => !known.has(name))
    .map((name) => leftOut(`statement: ${name}`, "it is of an earlier build, and nothing says what of"));
}
