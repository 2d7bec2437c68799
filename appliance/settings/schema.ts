import Joi from "joi";
import type { Parsed } from "../network/address.ts";
import { DEFAULTS } from "./defaults.ts";
import * as fields from "./fields.ts";
import * as places from "./placefields.ts";
import {
  adminProblem,
  ipv6Problem,
  networkProblem,
  overlapProblem,
  routesProblem,
  servicesProblem,
  syslogProblem,
  uniqueProblem,
} from "./relations.ts";
import {
  CLOUDS,
  CONNECTIVITIES,
  FORMS,
  REGIONS,
  SERVICES,
  type Settings,
  SYSLOG_PROTOCOLS,
  UPDATE_MODES,
} from "./settings.ts";

/** Bounds that no real settings come near, so that a mistaken file cannot fill the rule lists. */
const MOST_CLIENTS = 1024;
const MOST_NAMES = 64;
const MOST_CARDS = 8;

/** A text that `parse` brings into its canonical form. */
function text(parse: (value: string) => Parsed<string>): Joi.StringSchema {
  return Joi.string()
    .custom((value: string, helpers) => {
      const parsed = parse(value);
      return parsed.ok ? parsed.value : helpers.error("postern", { problem: parsed.problem });
    })
    .messages({ postern: "{#problem}", "string.base": "a text", "string.empty": "a text that is not empty" });
}

/** A check of a whole list or map, for when its parts are right by themselves. */
function related<V>(problemOf: (value: V) => string | undefined): Joi.CustomValidator {
  return (value, helpers) => {
    const problem = problemOrNone(value);
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

function integer(min: number, max: number): Joi.NumberSchema {
  const expected = `a whole number from ${min} to ${max}`;
  const rules = ["base", "integer", "min", "max", "unsafe", "infinity"].map((rule) => [
    `number.${rule}`,
    expected,
  ]);
  return Joi.number().integer().min(min).max(max).messages(Object.fromEntries(rules));
}

function flag(): Joi.BooleanSchema {
  return Joi.boolean().messages({ "boolean.base": "true or false" });
}

/** 576: every IPv4 machine takes it (RFC 791); 9216: the largest jumbo frame in use. */
const mtu = integer(576, 9216);
/** IEEE 802.1Q: 0 and 4095 are reserved. */
const vlan = integer(1, 4094);
const routes = list(
  map({ to: text(places.routeTarget).required(), via: text(fields.peerAddress).required() }),
  MOST_NAMES,
)
  .custom(related(routesProblem))
  .messages(POSTERN);

const ipv6 = map({
  mode: oneOf(["off", "slaac", "static"]).required(),
  address: text(places.machineAddress6),
  gateway: text(places.router6),
})
  .custom(related(ipv6Problem))
  .default({ mode: "off" });

const additional = list(
  map({ mac: text(fields.macAddress).required(), address: text(fields.machineAddress), vlan, mtu, routes }),
  MOST_CARDS,
);

const network = map({
  mac: text(fields.macAddress),
  mode: oneOf(["dhcp", "static"]).default("dhcp"),
  address: text(fields.machineAddress),
  gateway: text(fields.peerAddress),
  dns: unique(text(fields.peerAddress)),
  search: unique(text(fields.hostName)),
  vlan,
  mtu,
  ipv6,
  routes,
  additional,
})
  .custom(related(networkProblem))
  .default(DEFAULTS.network);

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
  passwordLogin: flag().default(false),
  passwordHash: text(fields.passwordHash),
})
  .custom(related(adminProblem))
  .default(DEFAULTS.admin);

const port = integer(1, 65535);
const ports = list(port, MOST_NAMES).min(1).default([443]).custom(related(uniquePorts));
const extra = map({
  host: text(places.destinationName).required(),
  ports: ports.messages({ ...POSTERN, "array.min": "at least one port" }),
  label: text(fields.label),
});

const defender = map({
  cloud: oneOf(CLOUDS).default("commercial"),
  regions: unique(oneOf(REGIONS)),
  connectivity: oneOf(CONNECTIVITIES).default("streamlined"),
  services: unique(oneOf(SERVICES)).default(DEFAULTS.defender.services),
  workspaces: unique(text(fields.workspace)),
  form: oneOf(FORMS).default("exact"),
  extra: list(extra, MOST_NAMES)
    .custom(related((all: { host: string }[]) => uniqueProblem(all.map(({ host }) => host))))
    .messages(POSTERN),
})
  .custom(related(servicesProblem))
  .default(DEFAULTS.defender);

const proxy = map({
  upstream: map({ host: text(fields.timeServer).required(), port: port.required() }),
  privateDestinations: list(text(places.privateNetwork), MOST_NAMES)
    .custom(related((all: string[]) => overlapProblem(all.map((cidr) => ({ cidr })))))
    .messages(POSTERN),
}).default(DEFAULTS.proxy);

const time = map({
  zone: text(places.timeZone).default(DEFAULTS.time.zone),
  servers: unique(text(fields.timeServer)),
  hypervisor: flag().default(true),
}).default(DEFAULTS.time);

const syslog = map({
  host: text(fields.timeServer).required(),
  protocol: oneOf(SYSLOG_PROTOCOLS).default("tls"),
  // RFC 5425 and RFC 5426 name the ports.
  port: port.default((parent: { protocol?: string }) => (parent.protocol === "udp" ? 514 : 6514)),
  ca: text(places.pemCertificates),
})
  .custom(related(syslogProblem))
  .messages(POSTERN);
const logging = map({
  syslog,
  retentionDays: integer(1, 365).default(DEFAULTS.logging.retentionDays),
}).default(DEFAULTS.logging);

const updates = map({
  mode: oneOf(UPDATE_MODES).default("security"),
  window: text(places.updateWindow),
  mirror: text(places.mirrorUrl),
}).default(DEFAULTS.updates);

const keyboard = map({
  layout: text(places.xkbName).default(DEFAULTS.keyboard.layout),
  variant: text(places.xkbName),
}).default(DEFAULTS.keyboard);

function uniquePorts(all: number[]): string | undefined {
  return uniqueProblem(all.map(String));
}

const VERSION = "1, the version of this format";

/** The settings file, version 1. `check` from problem.ts applies it. */
export const settingsSchema: Joi.ObjectSchema<Settings> = map({
  schema: Joi.valid(1).required().messages({ "any.required": VERSION, "any.only": VERSION }),
  hostname: text(fields.hostName).default(DEFAULTS.hostname),
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
