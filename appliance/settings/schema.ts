import Joi from "joi";
import { DEFAULTS } from "./defaults.ts";
import { admin, clients } from "./schema/access.ts";
import { defender, proxy } from "./schema/defender.ts";
import { network } from "./schema/network.ts";
import { map } from "./schema/parts.ts";
import * as texts from "./schema/texts.ts";
import { keyboard, logging, time, updates } from "./schema/upkeep.ts";
import type { Settings } from "./settings.ts";

export { ITEM } from "./schema/parts.ts";

const VERSION = "1, the version of this format";

/** The settings file, version 1. `check` from problem.ts applies it. */
export const settingsSchema: Joi.ObjectSchema<Settings> = map({
  schema: Joi.valid(1)
    .required()
    .messages({ "any.required": VERSION, "any.only": VERSION })
    .description("Version of this format.")
    .example(1),
  hostname: texts
    .hostName()
    .default(DEFAULTS.hostname)
    .description("Name of the machine, short or with its domain.")
    .example("proxy-01"),
  keyboard,
  network,
  clients,
  admin,
  defender,
  proxy,
  time,
  logging,
  updates,
}).required();
