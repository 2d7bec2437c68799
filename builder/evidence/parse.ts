import type Joi from "joi";
import { type ErrorCode, messageOf, PosternError } from "../error.ts";

/** What is said of a document that is not what it should be. */
export interface Refusal {
  code: ErrorCode;
  /** Which file, and what it is not: `x.build.json is not the record of a build`. */
  what: string;
  hint: string;
}

/**
 * A JSON document as its schema says, strictly: nothing is converted.
 *
 * @throws PosternError with the refusal, and why
 */
export function parseJson<T>(json: string, schema: Joi.ObjectSchema<T>, { code, what, hint }: Refusal): T {
  try {
    const { value, error } = schema.validate(JSON.parse(json), { convert: false });
    if (error !== undefined) throw error;
    return value;
  } catch (error) {
    throw new PosternError({ code, message: `${what}: ${messageOf(error)}`, hint, cause: error });
  }
}
