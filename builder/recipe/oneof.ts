import Joi from "joi";
import { didYouMean } from "./nearest.ts";

/** One of a few words, with the one that was likely meant. */
export function oneOf(words: readonly string[]): Joi.StringSchema {
  const expected = `one of ${words.join(", ")}`;
  return Joi.string()
    .custom((value: string, helpers) => {
      if (words.includes(value)) return value;
      return helpers.message({ custom: expected + didYouMean(value, words) });
    })
    .messages({ "string.base": expected, "string.empty": expected });
}
