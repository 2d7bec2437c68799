import Joi from "joi";
import type { Parsed } from "../network/address.ts";
import * as fields from "./fields.ts";
import { networkProblem, overlapProblem, servicesProblem, uniqueProblem } from "./relations.ts";
import { CLOUDS, CONNECTIVITIES, REGIONS, SERVICES, type Settings } from "./settings.ts";

/** Bounds that no real settings come near, so that a mistaken file cannot fill the rule lists. */
const MOST_CLIENTS = 1024;
const MOST_NAMES = 64;

/** A text that `parse` brings into its canonical form. */
function text(parse: (value: string) => Parsed<string>): Joi.StringSchema {
  return Joi.string()
    .custom((value: string, helpers) => {
      const parsed = parse(value);
      return parsed.ok ? parsed.value : helpers.error("postern", { problem: parsed.problem });
    })
    .messages({ postern: "{#problem}", "string.base": "a text", "string.empty": "a text that is not empty" });
}

/** A check of a whole list or map; joi comes here only when its parts are right by themselves. */
function related<V>(problemOf: (value: V) => string | undefined): Joi.CustomValidator {
  return (value, helpers) => {
    const problem = problemOf(value);
    return problem === undefined ? value : helpers.error("postern", { problem });
  };
}

const POSTERN = { postern: "{#problem}" };

function list(item: Joi.Schema, most: number): Joi.ArraySchema {
  const messages = { "array.base": "a list", "array.max": `at most ${most}`, "array.sparse": "a value" };
  return Joi.array().items(item).max(most).default([]).messages(messages);
}

function unique(item: Joi.Schema): Joi.ArraySchema {
  return list(item, MOST_NAMES).custom(related(uniqueProblem)).messages(POSTERN);
}

function map(keys: Record<string, Joi.Schema>): Joi.ObjectSchema {
  const messages = { "object.base": "a map of fields", "object.unknown": "no such field here" };
  return Joi.object(keys).messages({ ...messages, ...POSTERN });
}

function oneOf(values: readonly string[]): Joi.StringSchema {
  const expected = `one of ${values.join(", ")}`;
  return Joi.string()
    .valid(...values)
    .messages({ "any.only": expected, "string.base": expected });
}

const network = map({
  mac: text(fields.macAddress),
  mode: oneOf(["dhcp", "static"]).default("dhcp"),
  address: text(fields.machineAddress),
  gateway: text(fields.peerAddress),
  dns: unique(text(fields.peerAddress)),
  search: unique(text(fields.hostName)),
  ipv6: oneOf(["off", "auto"]).default("off"),
})
  .custom(related(networkProblem))
  .default({ mode: "dhcp", dns: [], search: [], ipv6: "off" });

const NO_CLIENT = "at least one network: without it nobody is served";
const clients = list(map({ cidr: text(fields.openTo).required(), label: text(fields.label) }), MOST_CLIENTS)
  .min(1)
  .required()
  .custom(related(overlapProblem))
  .messages({ ...POSTERN, "array.min": NO_CLIENT, "any.required": NO_CLIENT });

const admin = map({
  sshKeys: unique(text(fields.sshKey)),
  from: list(text(fields.openTo), MOST_NAMES)
    .custom(related((from: string[]) => overlapProblem(from.map((cidr) => ({ cidr })))))
    .messages(POSTERN),
  passwordHash: text(fields.passwordHash),
}).default({ sshKeys: [], from: [] });

const DEFAULT_SERVICES = ["mde", "mdi"];
const defender = map({
  cloud: oneOf(CLOUDS).default("commercial"),
  regions: unique(oneOf(REGIONS)),
  connectivity: oneOf(CONNECTIVITIES).default("streamlined"),
  services: unique(oneOf(SERVICES)).default(DEFAULT_SERVICES),
  workspaces: unique(text(fields.workspace)),
})
  .custom(related(servicesProblem))
  .default({
    cloud: "commercial",
    regions: [],
    connectivity: "streamlined",
    services: DEFAULT_SERVICES,
    workspaces: [],
  });

const VERSION = "1, the version of this format";

/** The settings file, version 1. `check` from problem.ts applies it. */
export const settingsSchema: Joi.ObjectSchema<Settings> = map({
  schema: Joi.valid(1).required().messages({ "any.required": VERSION, "any.only": VERSION }),
  hostname: text(fields.hostName).default("postern"),
  network,
  clients,
  admin,
  defender,
  time: map({ servers: unique(text(fields.timeServer)) }).default({ servers: [] }),
}).required();
