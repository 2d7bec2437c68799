import Joi from "joi";
import { json } from "../settings/schema/parts.ts";
import { CLOUDS, CONNECTIVITIES, REGIONS, SERVICES } from "../settings/settings.ts";
import { BREADTHS, type Catalogue, CONFIDENCES, SYSTEMS } from "./entry.ts";

/*
 * The form of a catalogue file. docs/catalogue.schema.json is made from it. Every text goes onto terminals and
 * into files, and a catalogue may come from outside: plain ASCII, one line, bounded.
 */

const MOST_ENTRIES = 4000;
const MOST_SOURCES = 400;
const MOST_IN_LIST = 64;
const LONGEST_TEXT = 200;

/** `a.example`, `.a.example`, `{workspace}a.example`, `a*.b.example`. At least two labels. */
const HOST = String.raw`^(\{workspace\}|\.)?([a-z0-9]([a-z0-9-]*\*?[a-z0-9])?\*?\.)+[a-z]{2,}$`;
const ID = "^[a-z0-9-]{1,64}$";
const TEXT = "^[!-~]+( [!-~]+)*$";
/** A day that the calendar may have, with a number where there are several on one day. */
const VERSION = String.raw`^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(\.[1-9]\d{0,3})?$`;
const DATE = String.raw`^(20\d\d(-[01]\d(-[0-3]\d)?)?|undated)$`;
const PATH = "^/[!-~]*$";

function text(pattern: string, expected: string, most = LONGEST_TEXT): Joi.StringSchema {
  return Joi.string()
    .max(most)
    .pattern(new RegExp(pattern))
    .meta(json({ pattern, maxLength: most }))
    .messages({ "*": expected });
}

const host = () =>
  text(HOST, "a name such as a.example, .a.example, {workspace}a.example or a*.b.example", 253);
const id = () => text(ID, "an id of small letters, digits and hyphens");
const words = () => text(TEXT, `a line of plain ASCII of at most ${LONGEST_TEXT} characters`);
const oneOf = (values: readonly string[]) =>
  Joi.string()
    .valid(...values)
    .messages({ "*": `one of ${values.join(", ")}` });
const some = (item: Joi.Schema) => full(item, MOST_IN_LIST);

/** A list that has something in it, nothing twice. */
function full(item: Joi.Schema, most: number): Joi.ArraySchema {
  return Joi.array()
    .items(item)
    .min(1)
    .max(most)
    .unique()
    .meta(json({ uniqueItems: true }));
}

const test = Joi.object({
  path: text(PATH, "a path from /").required().description("What is asked for."),
  method: oneOf(["GET", "HEAD"]).required().description("How."),
  expect: Joi.number()
    .integer()
    .min(200)
    .max(599)
    .required()
    .description("Status that means the service is reached; 400 and 404 among them."),
});

const entry = Joi.object({
  host: host()
    .required()
    .description(
      "A name; with a dot in front it and every name below; {workspace} stands for the customer's own; * for a part of one label.",
    ),
  purpose: words().required().description("What it is for."),
  ports: some(Joi.number().valid(80, 443)).required().description("443 by CONNECT, 80 by GET and HEAD."),
  service: id().required().description("Id of one of the services."),
  clouds: some(oneOf(CLOUDS)).required().description("Microsoft clouds that use it."),
  regions: some(oneOf(["all", ...REGIONS]))
    .required()
    .description("Where the tenant's data lies."),
  connectivity: some(oneOf(CONNECTIVITIES)).required().description("How devices were onboarded."),
  os: some(oneOf(SYSTEMS)).required().description("Who asks for it."),
  when: words().description("When it is needed, where that is not always."),
  required: Joi.boolean().required().description("Whether the service's own list calls it required."),
  breadth: oneOf(BREADTHS)
    .required()
    .description(
      "Whose names and content: microsoft, shared by all tenants, the customer's own workspace, or broad: other tenants control them. What is broad is opened only where the settings name it.",
    ),
  opens: words().description("What an entry that is broad opens, in words. Needed there."),
  narrower: some(host()).description("Names of the same service that together do instead."),
  instead: words().description("What else does instead, in words."),
  noProxy: Joi.boolean().description("Whether Microsoft says that it cannot go through a proxy."),
  path: words().description("What is fetched there; only plain HTTP could enforce it."),
  tests: some(test).description("Requests that show whether it is reached."),
  confidence: oneOf(CONFIDENCES)
    .required()
    .description("Whether a current list of Microsoft names it, an older one, its tools, or nobody sure."),
  sources: some(id()).required().description("Ids of the sources that name it."),
});

const source = Joi.object({
  id: id().required().description("Id by which entries name it."),
  title: words().required().description("What it is."),
  url: text("^https://[!-~]+$", "an https address", 500).required().description("Where it was read."),
  date: text(DATE, "a date, as far as it is known: 2026-09-03, 2026-09, 2026, or undated")
    .required()
    .description("Which edition of it."),
});

const service = Joi.object({
  id: id().required().description("Id by which entries name it."),
  title: words().required().description("What it is."),
  choices: some(oneOf(["always", ...SERVICES]))
    .required()
    .description("Services of the settings that turn it on; always: every one of them."),
});

/** A catalogue file. What several fields say together is in rules.ts. */
export const catalogueSchema: Joi.ObjectSchema<Catalogue> = Joi.object({
  schema: Joi.valid(1).required().description("Version of this form."),
  version: text(VERSION, "a date such as 2026-11-23, or 2026-11-23.2 for the second of a day")
    .required()
    .description("Date of the newest fact in it. No older one replaces a newer one."),
  sources: full(source, MOST_SOURCES).required().description("Pages and tools that the entries come from."),
  services: full(service, MOST_IN_LIST).required().description("What entries belong to."),
  entries: full(entry, MOST_ENTRIES).required().description("The names."),
}).required();
