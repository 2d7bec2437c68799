import Joi from "joi";
import { catalogueKey } from "../../appliance/settings/placefields.ts";
import { parseSshKey } from "../../appliance/settings/sshkey.ts";
import { oneOf } from "./oneof.ts";
import { BASE_IDS, FORMATS } from "./recipe.ts";

/** What a recipe file says, before defaults; paths as written. */
export interface RecipeFile {
  base?: string;
  mirror?: string;
  keyring?: string;
  formats?: readonly string[];
  disk?: { size?: number };
  vm?: { cpus?: number; memory?: number };
  hardware?: readonly number[];
  ova?: { eula?: string };
  settings?: string;
  admin?: { sshKeys?: readonly string[] };
  catalogueKeys?: readonly string[];
  packages?: readonly string[];
  overlays?: readonly string[];
  version?: string;
  epoch?: number;
  sign?: { key?: string; certificate?: string; sshKey?: string };
}

/** 1980-01-01: FAT cannot say anything before. */
export const EARLIEST_EPOCH = 315_532_800;
/** 2107-12-31: FAT cannot say anything after. */
export const LATEST_EPOCH = 4_354_819_199;

function whole(least: number, most: number, what: string): Joi.NumberSchema {
  const text = `a whole number from ${least} to ${most}${what === "" ? "" : ` (${what})`}`;
  return Joi.number().integer().min(least).max(most).messages({ "*": text });
}

function path(what: string): Joi.StringSchema {
  return Joi.string()
    .pattern(/^[^\0]+$/)
    .messages({ "*": `the path of ${what}` });
}

function list(item: Joi.Schema, what: string): Joi.ArraySchema {
  return Joi.array()
    .items(item)
    .messages({ "array.base": `a list of ${what}`, "array.unique": "each only once" })
    .unique();
}

/** A repository's address goes into apt's sources and into the build record: no blanks, no password. */
function checkMirror(value: string, helpers: Joi.CustomHelpers): unknown {
  const expected =
    "an http or https address without user and password, such as http://archive.example/debian";
  if (!URL.canParse(value) || /[\s[\]"\\]/.test(value)) return helpers.message({ custom: expected });
  const { protocol, username, password, hostname } = new URL(value);
  const fine =
    ["http:", "https:"].includes(protocol) && username === "" && password === "" && hostname !== "";
  return fine ? value : helpers.message({ custom: expected });
}

function checkSshKey(value: string, helpers: Joi.CustomHelpers): unknown {
  const parsed = parseSshKey(value);
  return parsed.ok ? value.trim() : helpers.message({ custom: parsed.problem });
}

function checkCatalogueKey(value: string, helpers: Joi.CustomHelpers): unknown {
  const parsed = catalogueKey(value);
  return parsed.ok ? parsed.value : helpers.message({ custom: parsed.problem });
}

export const fields = {
  base: oneOf([...BASE_IDS, "auto"]),
  mirror: Joi.string()
    .custom(checkMirror)
    .messages({ "string.base": "an http or https address", "string.empty": "an http or https address" }),
  keyring: path("a keyring file"),
  formats: list(oneOf(FORMATS), `formats (${FORMATS.join(", ")})`)
    .min(1)
    .messages({ "array.min": "at least one format" }),
  diskSize: whole(8, 2040, "GiB"),
  cpus: whole(1, 64, "processors"),
  memory: whole(1024, 262_144, "MiB"),
  settings: path("an answers file"),
  epoch: whole(EARLIEST_EPOCH, LATEST_EPOCH, "seconds since 1970"),
} as const;

const FIELD_MESSAGES = { "object.unknown": "no such field", "object.base": "a group of fields" };

/** The recipe file. */
export const recipeSchema = Joi.object<RecipeFile>({
  base: fields.base,
  mirror: fields.mirror,
  keyring: fields.keyring,
  formats: fields.formats,
  disk: Joi.object({ size: fields.diskSize }),
  vm: Joi.object({ cpus: fields.cpus, memory: fields.memory }),
  // 13: ESXi 6.5 and later, and the newest that VirtualBox takes; 17: ESXi 7.0 and later.
  hardware: list(whole(11, 22, ""), "virtual hardware versions")
    .min(1)
    .max(2)
    .messages({ "array.min": "one or two versions", "array.max": "one or two versions" }),
  ova: Joi.object({ eula: path("a text file with the license agreement") }),
  settings: fields.settings,
  admin: Joi.object({ sshKeys: list(Joi.string().custom(checkSshKey), "public SSH keys") }),
  catalogueKeys: list(Joi.string().custom(checkCatalogueKey), "public Ed25519 keys"),
  packages: list(
    Joi.string()
      // Debian Policy 5.6.1, the names of packages.
      .pattern(/^[a-z0-9][a-z0-9+.-]+$/)
      .messages({ "*": "the name of a distribution package" }),
    "packages",
  ),
  overlays: list(path("an overlay folder"), "overlay folders"),
  version: Joi.string()
    .pattern(/^\d{1,9}\.\d{1,9}\.\d{1,9}(-[0-9a-z][0-9a-z.]{0,30})?$/)
    .messages({ "*": "a version such as 1.0.0 or 1.0.0-rc.1" }),
  epoch: fields.epoch,
  sign: Joi.object({
    key: path("a private key file"),
    certificate: path("a certificate file"),
    sshKey: path("an SSH key file"),
  })
    .and("key", "certificate")
    .messages({
      "object.and":
        "sign.key and sign.certificate together: they sign the OVAs (sign.sshKey signs SHA256SUMS)",
    }),
}).messages(FIELD_MESSAGES);

/** The names of the fields in each group of the recipe, by path, for "did you mean". */
export const FIELD_NAMES: Readonly<Record<string, readonly string[]>> = {
  "": [
    ...["base", "mirror", "keyring", "formats", "disk", "vm", "hardware", "ova", "settings"],
    ...["admin", "catalogueKeys", "packages", "overlays", "version", "epoch", "sign"],
  ],
  disk: ["size"],
  vm: ["cpus", "memory"],
  ova: ["eula"],
  admin: ["sshKeys"],
  sign: ["key", "certificate", "sshKey"],
};

/** The flags that say a part of the recipe, and how they are checked. */
export const recipeFlagSchema = Joi.object({
  "--base": fields.base,
  "--mirror": fields.mirror,
  "--security-mirror": fields.mirror,
  "--keyring": fields.keyring,
  "--formats": fields.formats,
  "--settings": fields.settings,
}).unknown();
