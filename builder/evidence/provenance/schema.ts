import Joi from "joi";
import { BUILD_TYPE, BUILDER_ID, PREDICATE_TYPE, STATEMENT_TYPE, type Statement } from "./statement.ts";

const text = Joi.string().min(1);
const digests = Joi.object()
  .pattern(Joi.string(), text.pattern(/^[0-9a-f]+$/))
  .min(1);

/** At least one of name and address or digest, or it says nothing of what it is. */
const resource = Joi.object({
  name: text,
  uri: text,
  digest: digests,
  mediaType: text,
  annotations: Joi.object(),
}).or("uri", "digest");

/** A statement as we write it. Other programs may read more into theirs; here it must be ours. */
export const statementSchema = Joi.object<Statement>({
  _type: Joi.valid(STATEMENT_TYPE).required(),
  subject: Joi.array()
    .items(
      Joi.object({
        name: text.pattern(/^[^/\0]+$/).required(),
        digest: Joi.object({ sha256: text.hex().length(64).required() }).required(),
      }),
    )
    .min(1)
    .unique("name")
    .required(),
  predicateType: Joi.valid(PREDICATE_TYPE).required(),
  predicate: Joi.object({
    buildDefinition: Joi.object({
      buildType: Joi.valid(BUILD_TYPE).required(),
      externalParameters: Joi.object({ recipe: Joi.object().required() }).required(),
      internalParameters: Joi.object().required(),
      resolvedDependencies: Joi.array().items(resource).required(),
    }).required(),
    runDetails: Joi.object({
      builder: Joi.object({
        id: Joi.valid(BUILDER_ID).required(),
        version: Joi.object().pattern(Joi.string(), Joi.string()).required(),
      }).required(),
      metadata: Joi.object({ invocationId: text.required() }).required(),
      byproducts: Joi.array().items(resource).min(1).required(),
    }).required(),
  }).required(),
});
