import { createHash } from "node:crypto";
import Joi from "joi";
import type { InstalledCatalogue } from "../endpoints/installed.ts";
import { PosternError } from "../error.ts";
import { SETTINGS_SCHEMA } from "../settings/migrate.ts";
import { isTooDeep } from "../settings/parse.ts";
import { check, problemsError } from "../settings/problem.ts";
import { isMap } from "../settings/without.ts";

/*
 * An export: one JSON text that holds everything that makes a machine. docs/export.md shows it to people.
 *
 * The text is always the one that JSON.stringify makes of its value with two blanks, so that no byte can change
 * without the value changing. `sha256` stands last and is taken over the text without it: it finds damage, in
 * every version of this form. `sealed` finds intent.
 */

export const FORMAT = "postern-export";
/** Version of this form. */
export const EXPORT_SCHEMA = 1;
/** Settings twice, and the largest catalogue that can be installed. */
export const LARGEST_EXPORT = 4 * 1024 * 1024;

/** scrypt (RFC 7914) with these makes a passphrase cost 128 MiB and most of a second, once. */
export const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
/** A file may ask for less, never for more memory: 128 * N * r bytes. */
const COSTS = [2 ** 14, 2 ** 15, 2 ** 16, COST.N];
const MOST_PASSES = 4;

/** What only who knows the passphrase can read. Bytes are base64. */
export interface Sealed {
  kdf: { name: "scrypt"; N: number; r: number; p: number; salt: string };
  cipher: { name: "aes-256-gcm"; nonce: string };
  /** Tells a wrong passphrase from a changed file: bytes of scrypt that are no part of the key. */
  check: string;
  /** The settings file of the machine, comments and secrets and all; the tag of GCM is at its end. */
  data: string;
}

export interface ExportFile {
  format: typeof FORMAT;
  schema: typeof EXPORT_SCHEMA;
  /** Version of Postern that wrote it. */
  postern: string;
  base: string;
  /** When, by that machine's clock: ISO 8601, UTC. */
  time: string;
  /** Date of the catalogue that the machine went by. */
  catalogue: string;
  /** The settings without secrets and comments, to be read; and to be imported where nothing is sealed. */
  settings: Readonly<Record<string, unknown>>;
  /** The catalogue that took the place of the image's own, if one did; only under a seal. */
  installed?: InstalledCatalogue;
  sealed?: Sealed;
  sha256: string;
}

const DAMAGED =
  "Copy the file once more from where it was written, in binary mode, or make it anew: posternctl export FILE";

/** Whether a text means to be an export, whole or damaged; settings.yaml never looks like this. */
export function isExport(text: string): boolean {
  const start = text.slice(0, 200);
  return start.includes(FORMAT) || /^\s*\{\s*"format"\s*:/.test(start);
}

/** The file of an export. */
export function exportText(value: Omit<ExportFile, "sha256">): string {
  return textOf({ ...value, sha256: sumOf(value) });
}

/** What a seal covers: all of the file but what is sealed. */
export function covered({ sealed, ...file }: Omit<ExportFile, "sha256"> & { sha256?: string }): string {
  const { sha256: _, ...rest } = file;
  const { data: __, ...header } = sealed ?? {};
  return textOf({ ...rest, sealed: header });
}

/**
 * Reads an export without opening what is sealed.
 *
 * @param name of the file, for the messages.
 * @throws PosternError `input.export` (it is none), `input.export-changed`, `input.export-newer`
 */
export function readExport(text: string, name: string): ExportFile {
  if (text.length > LARGEST_EXPORT || isTooDeep(text)) throw notOne(name, "it is larger or deeper than any");
  // Windows may have turned the ends of lines; no byte of the value is in them.
  const value = parsed(text.replaceAll("\r\n", "\n"), name);
  const { sha256, ...rest } = value;
  if (value.format !== FORMAT) throw notOne(name, `its format is not ${FORMAT}`);
  if (sha256 !== sumOf(rest)) throw changedError(name, "its checksum does not fit what is in it");
  if (typeof value.schema === "number" && value.schema > EXPORT_SCHEMA)
    throw newerError(
      name,
      String(value.postern),
      `its form is ${value.schema}; here ${EXPORT_SCHEMA} is known`,
    );
  const { value: file, problems } = check(exportSchema, value);
  const form = file?.settings.schema;
  if (typeof form === "number" && form > SETTINGS_SCHEMA)
    throw newerError(name, String(value.postern), settingsForm(form));
  if (file !== undefined) return file;
  throw problemsError("input.export", name, problems, DAMAGED);
}

/** A file that is not as it was written. */
export function changedError(name: string, why: string): PosternError {
  return new PosternError({
    code: "input.export-changed",
    message: `${name} was changed or damaged since it was exported: ${why}.`,
    hint: DAMAGED,
  });
}

/** A file of a later Postern. */
export function newerError(name: string, version: string, why: string): PosternError {
  return new PosternError({
    code: "input.export-newer",
    message: `${name} was exported by a newer Postern, ${version.replaceAll(/[^\w.+-]/g, "?").slice(0, 40)}: ${why}.`,
    hint: "Set this machine up from an image of that version or a later one, and import it there. posternctl version says which one this is.",
  });
}

function settingsForm(form: number): string {
  return `its settings have the form ${form}; here ${SETTINGS_SCHEMA} is known`;
}

function notOne(name: string, why: string): PosternError {
  return new PosternError({
    code: "input.export",
    message: `${name} is no export of a machine: ${why}.`,
    hint: "posternctl export FILE makes one; a settings.yaml is imported by the same command.",
  });
}

function parsed(text: string, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw changedError(name, "it is cut, or no JSON any more");
  }
  if (!isMap(value)) throw notOne(name, "it is no map of fields");
  if (textOf(value) !== text) throw changedError(name, "it is not laid out as it was written");
  return value;
}

function textOf(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function sumOf(value: object): string {
  return createHash("sha256").update(textOf(value)).digest("hex");
}

/** Base64 of so many bytes. */
function bytes(count: number): Joi.StringSchema {
  const length = Math.ceil(count / 3) * 4;
  return Joi.string()
    .base64()
    .length(length)
    .required()
    .messages({ "*": `${count} bytes in base64` });
}

function word(longest: number): Joi.StringSchema {
  return Joi.string()
    .pattern(/^[ -~]+$/)
    .max(longest)
    .required()
    .messages({ "*": "a word" });
}

const sealedSchema = Joi.object<Sealed>({
  kdf: Joi.object({
    name: Joi.valid("scrypt").required(),
    N: Joi.valid(...COSTS).required(),
    r: Joi.valid(COST.r).required(),
    p: Joi.number().integer().min(1).max(MOST_PASSES).required(),
    salt: bytes(16),
  }).required(),
  cipher: Joi.object({ name: Joi.valid("aes-256-gcm").required(), nonce: bytes(12) }).required(),
  check: bytes(16),
  data: Joi.string().base64().min(24).required(),
});

const exportSchema = Joi.object<ExportFile>({
  format: Joi.valid(FORMAT).required(),
  schema: Joi.valid(EXPORT_SCHEMA).required(),
  postern: word(40),
  base: word(40),
  time: Joi.string()
    .pattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/)
    .required(),
  catalogue: word(40),
  settings: Joi.object().unknown().required(),
  installed: Joi.object().unknown(),
  sealed: sealedSchema,
  sha256: Joi.string().hex().length(64).required(),
})
  .with("installed", "sealed")
  .required();
