import Joi from "joi";
import { parse } from "yaml";
import { check, problemsError } from "../../appliance/settings/problem.ts";
import type { Base } from "../recipe/base.ts";

/** A question put to the running appliance: a command and what it must say. */
export interface OverlayCheck {
  /** The control it answers for, `K1`, or a name of its own. */
  id: string;
  title: string;
  /** Arguments, never a shell string with data in it. */
  command: readonly string[];
  /** Expected exit code; 0 by default. */
  exit: number;
  /** A regular expression that standard output must match. */
  stdout?: string;
  /** What was done, in one sentence, for the hardening report. */
  does?: string;
  /** Rules of the CIS benchmark that it answers for: a number, `1.5.1`, or the rule's short name in the SCAP content. */
  cis: readonly string[];
}

/** A control, or a rule of a benchmark, that this appliance does not follow, and why. */
export interface OverlayException {
  /** A control, `U2`; a rule's short name in the SCAP content; or a test of lynis, `HRDN-7230`. */
  id: string;
  reason: string;
}

/** Owner and mode where they differ from root:root 0644 (a file) or 0755 (a folder). */
export interface OverlayPath {
  path: string;
  mode?: string;
  owner?: string;
  group?: string;
}

/** `overlay.yaml`: what one concern installs, lays, enables, checks and answers for. */
export interface Overlay {
  /** The folder's name. */
  id: string;
  title: string;
  packages: readonly string[];
  packagesByDistribution: Partial<Record<Base["distribution"], readonly string[]>>;
  /** Kernel arguments. */
  kernel: readonly string[];
  files: readonly OverlayPath[];
  directories: readonly OverlayPath[];
  /** Commands run in the VM once the files are laid. */
  run: readonly (readonly string[])[];
  units: { enable: readonly string[]; disable: readonly string[]; mask: readonly string[] };
  checks: readonly OverlayCheck[];
  /** Hardening controls it answers for. */
  controls: readonly string[];
  exceptions: readonly OverlayException[];
}

const text = Joi.string().min(1);
const texts = Joi.array().items(text).default([]);
const name = Joi.string().pattern(/^[a-z_][a-z0-9_-]*$/);
const path = Joi.object({
  path: Joi.string()
    .pattern(/^(\/[\w.@+:-]+)+$/)
    .required(),
  mode: Joi.string()
    .pattern(/^[0-7]{4}$/)
    .messages({ "*": "four octal digits in quotes" }),
  owner: name,
  group: name,
});
const command = Joi.array().items(Joi.string().allow("")).min(1);

const schema = Joi.object<Overlay>({
  id: text.required(),
  title: text.required(),
  packages: texts,
  packagesByDistribution: Joi.object({ debian: texts, ubuntu: texts }).default({}),
  kernel: Joi.array()
    .items(Joi.string().pattern(/^[\w.,=:-]+$/))
    .default([]),
  files: Joi.array().items(path).unique("path").default([]),
  directories: Joi.array().items(path).unique("path").default([]),
  run: Joi.array().items(command).default([]),
  units: Joi.object({ enable: texts, disable: texts, mask: texts }).default({
    enable: [],
    disable: [],
    mask: [],
  }),
  checks: Joi.array()
    .items(
      Joi.object({
        id: text.required(),
        title: text.required(),
        command: command.required(),
        exit: Joi.number().integer().min(0).max(255).default(0),
        stdout: text,
        does: text,
        cis: Joi.array()
          .items(Joi.string().pattern(/^(\d+(\.\d+)+|[a-z][a-z0-9_-]+)$/))
          .unique()
          .default([]),
      }),
    )
    .unique("id")
    .default([]),
  controls: texts,
  exceptions: Joi.array()
    .items(Joi.object({ id: text.required(), reason: text.required() }))
    .unique("id")
    .default([]),
});

/**
 * Reads an `overlay.yaml`.
 *
 * @throws PosternError `input.overlay` with every problem at once.
 */
export function parseOverlay(id: string, yaml: string, file: string): Overlay {
  const document: unknown = parse(yaml);
  const value = typeof document === "object" && document !== null ? { ...document, id } : document;
  const checked = check(schema, value);
  if (checked.value !== undefined) return checked.value;
  throw problemsError("input.overlay", file, checked.problems, "docs/overlays.md lists the fields.");
}

/** The packages an overlay asks for on a base. */
export function packagesOf(overlay: Overlay, base: Base): readonly string[] {
  return [...overlay.packages, ...(overlay.packagesByDistribution[base.distribution] ?? [])];
}
