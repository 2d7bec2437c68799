import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import Joi from "joi";
import { parse } from "yaml";
import type { EfiLoaders } from "../../appliance/disk/esp.ts";
import { check, problemsError } from "../../appliance/settings/problem.ts";
import type { BaseId } from "./recipe.ts";

/** A pin that steers apt away from packages, for the build and afterwards. */
export interface Pin {
  packages: readonly string[];
  priority: number;
}

/** A distribution release as data: what the builder must know to make a bootable root tree of it. */
export interface Base {
  id: BaseId;
  title: string;
  distribution: "debian" | "ubuntu";
  codename: string;
  components: readonly string[];
  archive: {
    /** Absent: mmdebstrap's own default for the codename. */
    mirror?: string;
    securityMirror?: string;
    pockets: readonly string[];
    securityPocket: string;
    /** Appended to a mirror's address where security lives in a tree beside it. */
    securitySuffix: string;
  };
  keyring: {
    /** On the build host and, at the same path, in the image. */
    path: string;
    package: string;
    /** A Debian suite whose archive carries the keyring package, for hosts that have none. */
    fallbackSuite?: string;
    /** Primary key fingerprints of which one must be in the keyring; empty: whatever the host's package holds. */
    fingerprints: readonly string[];
  };
  packages: readonly string[];
  pins: readonly Pin[];
  kernel: { release: string };
  efi: EfiLoaders & {
    fallback: readonly string[];
    /** The signed GRUB that looks for its menu on every medium; candidates in order. */
    grubCd: readonly string[];
  };
  services: { ssh: string; sshSocket: string; cloudInitNetwork: string; auditRules: string };
  squid: { major: number };
  /** The user that rsyslog drops to. */
  syslog: { user: string };
  /** unattended-upgrades' origin pattern of the security pocket. */
  upgrades: { origins: string };
}

const text = Joi.string().min(1);
const paths = Joi.array().items(Joi.string().pattern(/^\//)).min(1);

const schema = Joi.object<Base>({
  id: text.required(),
  title: text.required(),
  distribution: Joi.valid("debian", "ubuntu").required(),
  codename: Joi.string()
    .pattern(/^[a-z]+$/)
    .required(),
  components: Joi.array().items(text).min(1).required(),
  archive: Joi.object({
    mirror: text,
    securityMirror: text,
    pockets: Joi.array().items(text).min(1).required(),
    securityPocket: text.required(),
    securitySuffix: Joi.string().allow("").required(),
  }).required(),
  keyring: Joi.object({
    path: text.required(),
    package: text.required(),
    fallbackSuite: text,
    fingerprints: Joi.array()
      .items(Joi.string().pattern(/^[0-9A-F]{40}$/))
      .required(),
  }).required(),
  packages: Joi.array().items(text).min(1).unique().required(),
  pins: Joi.array()
    .items(Joi.object({ packages: Joi.array().items(text).min(1), priority: Joi.number().integer() }))
    .required(),
  kernel: Joi.object({ release: text.required() }).required(),
  efi: Joi.object({
    vendor: text.required(),
    shim: paths.required(),
    mokManager: paths.required(),
    fallback: paths.required(),
    grub: paths.required(),
    grubCd: paths.required(),
    csv: text.required(),
  }).required(),
  services: Joi.object({
    ssh: text.required(),
    sshSocket: text.required(),
    cloudInitNetwork: text.required(),
    auditRules: text.required(),
  }).required(),
  squid: Joi.object({ major: Joi.number().integer().required() }).required(),
  syslog: Joi.object({ user: text.required() }).required(),
  upgrades: Joi.object({ origins: text.required() }).required(),
});

const FOLDER = new URL("bases/", import.meta.url);

/** Reads a base's data file. @throws PosternError `input.base` when the file is not a base. */
export async function loadBase(id: BaseId): Promise<Base> {
  const file = fileURLToPath(new URL(`${id}.yaml`, FOLDER));
  const checked = check(schema, parse(await readFile(file, "utf8")));
  if (checked.value !== undefined) return checked.value;
  throw problemsError("input.base", file, checked.problems, "Mend the base's data file.");
}

/** dpkg's `path-exclude=` and `path-include=` lines for all bases, in the order of the list. */
export async function loadPathFilters(): Promise<string> {
  return pathFilters(await readFile(new URL("excludes.list", FOLDER), "utf8"));
}

/** Turns the list's short form into dpkg configuration; `{lib}` becomes both places a kernel may ship to. */
export function pathFilters(list: string): string {
  const lines: string[] = [];
  for (const raw of list.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const included = line.startsWith("+");
    const pattern = included ? line.slice(1) : line;
    const places = pattern.includes("{lib}") ? ["/lib", "/usr/lib"] : [""];
    for (const place of places) {
      lines.push(`path-${included ? "include" : "exclude"}=${pattern.replace("{lib}", place)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
