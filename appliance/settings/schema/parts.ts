import Joi from "joi";
import type { Parsed } from "../../network/address.ts";
import { uniqueProblem } from "../relations.ts";

/*
 * What every part of the schema is made of. A field says what it is by `.description()`, shows one by
 * `.example()`, and tells by `.meta()` what JSON Schema can know of it: the reference page and
 * settings.schema.json are made from that.
 */

/** Bounds that no real settings come near, so that a mistaken file cannot fill the rule lists. */
export const MOST_CLIENTS = 1024;
export const MOST_NAMES = 64;
export const MOST_CARDS = 8;

/** By this id `extract` finds what the entries of a list have to be. */
export const ITEM = "entry";

export const POSTERN = { postern: "{#problem}" };

/**
 * What JSON Schema can say beside what joi says by itself. It never refuses what joi takes; joi refuses more.
 * The keywords are those of JSON Schema 2020-12.
 */
export interface JsonMeta {
  json: Readonly<Record<string, unknown>>;
}

/** A default that hangs on another field, in words for the reference page. */
export interface DefaultMeta {
  default: string;
}

/** A text that `parse` brings into its canonical form. */
export function text(parse: (value: string) => Parsed<string>, pattern?: string): Joi.StringSchema {
  const schema = Joi.string()
    .custom((value: string, helpers) => {
      const parsed = parse(value);
      return parsed.ok ? parsed.value : helpers.error("postern", { problem: parsed.problem });
    })
    .messages({ postern: "{#problem}", "string.base": "a text", "string.empty": "a text that is not empty" });
  return pattern === undefined ? schema : schema.meta(json({ pattern }));
}

export function json(keywords: JsonMeta["json"]): JsonMeta {
  return { json: keywords };
}

/** A check of a whole list or map, for when its parts are right by themselves. */
export function related<V>(problemOf: (value: V) => string | undefined): Joi.CustomValidator {
  return (value, helpers) => {
    // A list that is too long has that problem already, and comparing all its pairs would take long.
    const isTooLong = Array.isArray(value) && value.length > MOST_CLIENTS;
    const problem = isTooLong ? undefined : problemOrNone(value);
    return problem === undefined ? value : helpers.error("postern", { problem });
  };

  // joi comes here also when a part is wrong, and that part has a problem of its own.
  function problemOrNone(value: V): string | undefined {
    try {
      return problemOf(value);
    } catch {
      return undefined;
    }
  }
}

export function list(item: Joi.Schema, most: number): Joi.ArraySchema {
  const messages = { "array.base": "a list", "array.max": `at most ${most}`, "array.sparse": "a value" };
  return Joi.array().items(item.id(ITEM)).max(most).default([]).messages(messages);
}

export function unique(item: Joi.Schema): Joi.ArraySchema {
  return list(item, MOST_NAMES)
    .custom(related(uniqueProblem))
    .messages(POSTERN)
    .meta(json({ uniqueItems: true }));
}

export function map(keys: Record<string, Joi.Schema>): Joi.ObjectSchema {
  const messages = { "object.base": "a map of fields", "object.unknown": "no such field here" };
  return Joi.object(keys).messages({ ...messages, ...POSTERN });
}

export function oneOf(values: readonly string[]): Joi.StringSchema {
  const expected = `one of ${values.join(", ")}`;
  return Joi.string()
    .valid(...values)
    .messages({ "any.only": expected, "string.base": expected });
}

export function integer(min: number, max: number): Joi.NumberSchema {
  const expected = `a whole number from ${min} to ${max}`;
  const rules = ["base", "integer", "min", "max", "unsafe", "infinity"].map((rule) => [
    `number.${rule}`,
    expected,
  ]);
  return Joi.number().integer().min(min).max(max).messages(Object.fromEntries(rules));
}

export function flag(): Joi.BooleanSchema {
  return Joi.boolean().messages({ "boolean.base": "true or false" });
}

export function port(): Joi.NumberSchema {
  return integer(1, 65535);
}
