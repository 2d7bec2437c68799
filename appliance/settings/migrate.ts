import type { Document } from "yaml";
import { PosternError } from "../error.ts";
import { LARGEST, readYaml } from "./parse.ts";
import type { Settings } from "./settings.ts";
import { isMap } from "./without.ts";
import { openYaml } from "./yaml.ts";

/** The form of settings that this Postern knows. */
export const SETTINGS_SCHEMA: Settings["schema"] = 1;

/** Brings a settings file from one form to the next. */
export interface Migration {
  /** The form that it takes; it leaves the next one. */
  from: number;
  /** Changes the document where it stands, so that comments and order stay. `schema` is written for it. */
  change(document: Document): void;
}

/** One step a form, in any order. There is one form so far. */
export const MIGRATIONS: readonly Migration[] = [];

/**
 * A settings file in the form of today. One that is in it already, or that is no settings file, comes back as it
 * is: the parser says what is wrong with it.
 *
 * @param file name for the messages.
 * @throws PosternError `input.settings-newer`, or `input.settings` where no step leads on from its form.
 */
export function migrateSettings(
  text: string,
  file: string,
  migrations: readonly Migration[] = MIGRATIONS,
  current: number = SETTINGS_SCHEMA,
): string {
  if (Buffer.byteLength(text) > LARGEST) return text;
  const { value, problems } = readYaml(text);
  const schema = isMap(value) && problems.length === 0 ? value.schema : undefined;
  if (typeof schema !== "number" || !Number.isInteger(schema) || schema === current) return text;
  if (schema > current) throw newer(file, schema, current);
  const document = openYaml(text);
  for (let form = schema; form < current; form++) {
    const step = migrations.find(({ from }) => from === form);
    if (step === undefined) throw tooOld(file, form, current);
    step.change(document);
    document.set("schema", form + 1);
  }
  return document.toString({ lineWidth: 0 });
}

function newer(file: string, schema: number, current: number): PosternError {
  return new PosternError({
    code: "input.settings-newer",
    message: `${file}: its settings have the form ${schema}; this Postern knows ${current} at most.`,
    hint: "Set this machine up from an image of the Postern that wrote them or a later one, and import them there.",
  });
}

function tooOld(file: string, schema: number, current: number): PosternError {
  return new PosternError({
    code: "input.settings",
    message: `${file}: no way leads from settings of the form ${schema} to ${current}, the form of today.`,
    hint: "docs/settings.md has every field; posternctl setup asks for everything.",
  });
}
