import { basename } from "node:path";
import Joi from "joi";
import { messageOf, PosternError } from "../error.ts";
import type { BaseId, Recipe } from "../recipe/recipe.ts";
import type { PublishedFile } from "./publish.ts";

/** `postern-<version>-<base>-amd64.build.json`: what a build was made from and what came out. */
export interface BuildRecord {
  format: 1;
  version: string;
  base: BaseId;
  /** Seconds since 1970 that the images carry. */
  epoch: number;
  artifacts: readonly ({ file: string } & PublishedFile)[];
  /** In the order they ran, with the seconds that making each took; the cache keeps them. */
  stages: readonly { id: string; key: string; seconds: number }[];
  /** Versions of what took part. */
  tools: Readonly<Record<string, string>>;
  /** Versions of what is installed in the image. */
  packages: Readonly<Record<string, string>>;
  recipe: Readonly<Record<string, unknown>>;
}

export function recordName(version: string, base: BaseId): string {
  return `postern-${version}-${base}-amd64.build.json`;
}

/** The record as text. It holds no clock time, so the same build gives the same record. */
export function recordText(record: BuildRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

const recordSchema = Joi.object<Pick<BuildRecord, "format" | "artifacts">>({
  format: Joi.valid(1).required(),
  artifacts: Joi.array()
    .items(
      Joi.object({
        file: Joi.string().required(),
        size: Joi.number().integer().min(0).required(),
        sha256: Joi.string().hex().length(64).required(),
      }),
    )
    .required(),
}).unknown();

/** The artifacts that a record names. @throws PosternError `artifact.record` when it is not a record. */
export function parseRecord(text: string, file: string): BuildRecord["artifacts"] {
  try {
    const { value, error } = recordSchema.validate(JSON.parse(text), { convert: false });
    if (error !== undefined) throw error;
    return value.artifacts;
  } catch (error) {
    throw new PosternError({
      code: "artifact.record",
      message: `${file} is not the record of a build: ${messageOf(error)}`,
      hint: "Build again: ./postern build.",
      cause: error,
    });
  }
}

/** The recipe for the record: without the build host's folders, and without where its private key lies. */
export function recordedRecipe(recipe: Recipe): Readonly<Record<string, unknown>> {
  const { sign, settings, keyring, overlays, ova, ...rest } = recipe;
  return {
    ...rest,
    ...(settings === undefined ? {} : { settings: basename(settings) }),
    ...(keyring === undefined ? {} : { keyring: basename(keyring) }),
    ova: ova.eula === undefined ? {} : { eula: basename(ova.eula) },
    overlays: overlays.map((path) => basename(path)),
    signed: sign.key !== undefined,
  };
}
