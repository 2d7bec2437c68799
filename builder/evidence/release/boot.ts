import Joi from "joi";
import { formatOfName } from "../../formats/names.ts";
import { parseJson } from "../parse.ts";
import type { BuildRecord } from "../record.ts";

/** One boot test. */
export interface BootTest {
  /** Of its file: `1-ova`; empty where only one was run. */
  group: string;
  title: string;
  result: "passed" | "failed" | "skipped";
  /** Since the result before it in its file. */
  seconds: number;
  /** Of a skipped one. */
  reason?: string;
}

/** A machine's screen at the end of a test file. */
export interface BootScreen {
  /** Name of its hardware: `vhdx-secureboot`. */
  machine: string;
  /** In the same folder. */
  file: string;
}

/** `<stem>-boot.json`: what came of booting the images that lie beside it. */
export interface BootResults {
  format: 1;
  /** The images that were there, by SHA-256: results of others say nothing about these. */
  images: readonly { file: string; sha256: string }[];
  /** Every machine of the matrix, or those of a usual run. */
  matrix: "core" | "all";
  /** `2/4`: only a part was run; absent: all. */
  shard?: string;
  tests: readonly BootTest[];
  screens: readonly BootScreen[];
}

export function bootName(stem: string): string {
  return `${stem}-boot.json`;
}

export function screenName(stem: string, machine: string): string {
  return `${stem}-boot-${machine}.png`;
}

export function isScreen(name: string, stem: string): boolean {
  return name.startsWith(`${stem}-boot-`) && SCREEN.test(name);
}

const SCREEN = /-boot-[a-z0-9-]+\.png$/;

/** Machines whose screens are kept. */
export const MOST_SCREENS = 12;

/** The images of a build as results name them. */
export function imagesOf({ artifacts }: Pick<BuildRecord, "artifacts">): BootResults["images"] {
  return artifacts
    .filter(({ file }) => formatOfName(file) !== undefined)
    .map(({ file, sha256 }) => ({ file, sha256 }));
}

/** Whether the results are of these very images. */
export function isOfBuild({ images }: BootResults, record: Pick<BuildRecord, "artifacts">): boolean {
  const known = new Map(record.artifacts.map(({ file, sha256 }) => [file, sha256]));
  return images.length > 0 && images.every(({ file, sha256 }) => known.get(file) === sha256);
}

export function bootText(results: BootResults): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}

const text = Joi.string().required();
// Beside the results and nowhere else.
const name = text.pattern(/^[^/\0]+$/);

const schema = Joi.object<BootResults>({
  format: Joi.valid(1).required(),
  images: Joi.array()
    .items(Joi.object({ file: name, sha256: Joi.string().hex().length(64).required() }))
    .required(),
  matrix: Joi.valid("core", "all").required(),
  shard: Joi.string().pattern(/^\d{1,3}\/\d{1,3}$/),
  tests: Joi.array()
    .items(
      Joi.object({
        group: Joi.string().allow("").required(),
        title: text,
        result: Joi.valid("passed", "failed", "skipped").required(),
        seconds: Joi.number().min(0).required(),
        reason: Joi.string(),
      }),
    )
    .required(),
  screens: Joi.array()
    .items(Joi.object({ machine: text, file: name.pattern(SCREEN) }))
    .max(MOST_SCREENS)
    .required(),
}).unknown();

/** @throws PosternError `artifact.boot-results` when they are none. */
export function parseBootResults(json: string, file: string): BootResults {
  return parseJson(json, schema, {
    code: "artifact.boot-results",
    what: `${file} holds no results of boot tests`,
    hint: "Remove it, or make it again: ./postern test --boot --out FOLDER.",
  });
}
