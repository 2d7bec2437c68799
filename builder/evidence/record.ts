import { basename } from "node:path";
import Joi from "joi";
import type { ProjectSource } from "../host/source.ts";
import { DIGEST, type Digest } from "../pipeline/cache/digest.ts";
import type { PendingAnswer } from "../pipeline/pending.ts";
import { BASE_IDS, type BaseId, type Recipe } from "../recipe/recipe.ts";
import { parseJson } from "./parse.ts";
import type { PublishedFile } from "./publish.ts";

/** `postern-<version>-<base>-amd64.build.json`: what a build was made from and what came out. */
export interface BuildRecord {
  format: 2;
  version: string;
  base: BaseId;
  /** Seconds since 1970 that the images carry. */
  epoch: number;
  artifacts: readonly ({ file: string } & PublishedFile)[];
  /** In the order they ran. */
  stages: readonly RecordedStage[];
  /** Versions of what took part. */
  tools: Readonly<Record<string, string>>;
  /** What is installed in the image, sorted by name. */
  packages: readonly RecordedPackage[];
  /** What the archive had newer when this was built, and was let through; absent in records of an earlier Postern. */
  pending?: PendingAnswer;
  recipe: RecordedRecipe;
  /** Of what source Postern was; absent in the records of an earlier one. */
  source?: ProjectSource;
}

export interface RecordedStage {
  id: string;
  /** SHA-256, hex. */
  key: string;
  /** Ids of the stages it reads. */
  needs: readonly string[];
  /** What else went in, by name: versions and settings as they are, code and files as SHA-256. */
  inputs: Readonly<Record<string, string>>;
  /** What it left. */
  files: readonly RecordedFile[];
}

export interface RecordedFile {
  name: string;
  /** Bytes. */
  size: number;
  /** `sha256:<hex>`, or `blocks:<hex>` of a sparse file's blocks; docs/cli.md. */
  digest: Digest;
}

export interface RecordedPackage {
  name: string;
  version: string;
  /** Of the .deb, as the archive's signed index has it; absent for what the build made by itself. */
  sha256?: string;
}

/** The recipe without the build host's folders. */
export type RecordedRecipe = Omit<Recipe, "sign"> & {
  signed: boolean;
  /** Name of the certificate file, where the OVAs are signed. */
  certificate?: string;
};

/** What the names of all files of a build begin with. */
export function buildStem({ version, base }: Pick<BuildRecord, "version" | "base">): string {
  return `postern-${version}-${base}-amd64`;
}

export const RECORD_ENDING = ".build.json";

export function recordName(version: string, base: BaseId): string {
  return `${buildStem({ version, base })}${RECORD_ENDING}`;
}

/** The record as text. It holds no clock time, so the same build gives the same record. */
export function recordText(record: BuildRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

const text = Joi.string().required();
const texts = Joi.object().pattern(Joi.string(), Joi.string().allow(""));
const sha256 = Joi.string().hex().length(64);

const artifacts = Joi.array().items(
  Joi.object({
    // It is looked for beside the record, and nowhere else.
    file: text.pattern(/^[^/\0]+$/),
    size: Joi.number().integer().min(0).required(),
    sha256: sha256.required(),
  }),
);

const recipe = Joi.object({
  base: text,
  formats: Joi.array().items(Joi.string()).required(),
  disk: Joi.object({ size: Joi.number().required() }).required(),
  vm: Joi.object({ cpus: Joi.number().required(), memory: Joi.number().required() }).required(),
  hardware: Joi.array().items(Joi.number()).required(),
  ova: Joi.object({ eula: Joi.string() }).required(),
  admin: Joi.object({ sshKeys: Joi.array().items(Joi.string()).required() }).required(),
  ...Object.fromEntries(
    ["catalogueKeys", "packages", "overlays"].map((name) => [
      name,
      Joi.array().items(Joi.string()).required(),
    ]),
  ),
  version: text,
  epoch: Joi.number().integer().required(),
}).unknown();

const file = Joi.object({
  name: text,
  size: Joi.number().integer().min(0).required(),
  digest: text.pattern(DIGEST),
});

const recordSchema = Joi.object<BuildRecord>({
  format: Joi.valid(2).required(),
  version: text,
  base: text.valid(...BASE_IDS),
  epoch: Joi.number().integer().required(),
  artifacts: artifacts.required(),
  stages: Joi.array()
    .items(
      Joi.object({
        id: text,
        key: sha256.required(),
        needs: Joi.array().items(Joi.string()).required(),
        inputs: texts.required(),
        files: Joi.array().items(file).required(),
      }),
    )
    .required(),
  tools: texts.required(),
  packages: Joi.array()
    .items(Joi.object({ name: text, version: text, sha256 }))
    .required(),
  pending: [
    Joi.valid("not asked"),
    Joi.array().items(
      Joi.object({ name: text, installed: text, available: text, security: Joi.boolean().required() }),
    ),
  ],
  recipe: recipe.required(),
  source: Joi.object({
    version: text,
    commit: Joi.string().hex().min(40).max(64),
    modified: Joi.boolean().required(),
    node: Joi.string().hex().length(128),
  }),
}).unknown();

/** A record that was written. @throws PosternError `artifact.record` when it is not one. */
export function parseRecord(json: string, file: string): BuildRecord {
  return parseJson(json, recordSchema, {
    code: "artifact.record",
    what: `${file} is not the record of a build`,
    hint: "Build again: ./postern build. A record of an earlier Postern is read by that one.",
  });
}

/** The recipe for the record: without the build host's folders, and without where its private key lies. */
export function recordedRecipe(recipe: Recipe): RecordedRecipe {
  const { sign, settings, keyring, overlays, ova, ...rest } = recipe;
  return {
    ...rest,
    ...(settings === undefined ? {} : { settings: basename(settings) }),
    ...(keyring === undefined ? {} : { keyring: basename(keyring) }),
    ova: ova.eula === undefined ? {} : { eula: basename(ova.eula) },
    overlays: overlays.map((path) => basename(path)),
    signed: sign.key !== undefined,
    ...(sign.certificate === undefined ? {} : { certificate: basename(sign.certificate) }),
  };
}
