import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import Mustache from "mustache";
import { PosternError } from "../error.ts";
import type { Base } from "../recipe/base.ts";
import { type Overlay, type OverlayPath, parseOverlay } from "./overlay.ts";

/** A file as it will lie on the appliance. */
export interface LaidFile {
  /** Absolute, on the appliance. */
  path: string;
  mode: number;
  owner: string;
  group: string;
  bytes: Buffer;
}

export interface LaidDirectory {
  path: string;
  mode: number;
  owner: string;
  group: string;
}

/** An overlay with its files rendered for a base. */
export interface LoadedOverlay extends Overlay {
  laidFiles: readonly LaidFile[];
  laidDirectories: readonly LaidDirectory[];
  /** SHA-256 over everything in it that reaches the machine. */
  hash: string;
}

/** What templates may ask: nothing that changes from one day to the next. */
export interface OverlayData {
  version: string;
  base: string;
  debian: boolean;
  ubuntu: boolean;
  upgradeOrigins: string;
  syslogUser: string;
  sshService: string;
  auditRulesService: string;
  /** OpenSSH 9.9 or newer: ML-KEM key exchange is known. */
  opensshMlkem: boolean;
}

const TEMPLATE = ".mustache";

export function overlayData(base: Base, version: string): OverlayData {
  return {
    version,
    base: base.id,
    debian: base.distribution === "debian",
    ubuntu: base.distribution === "ubuntu",
    upgradeOrigins: base.upgrades.origins,
    syslogUser: base.syslog.user,
    sshService: base.services.ssh,
    auditRulesService: base.services.auditRules,
    opensshMlkem: base.id !== "ubuntu-24.04",
  };
}

/** Loads an overlay folder: `overlay.yaml`, and `files/` as a picture of the root file system. */
export async function loadOverlay(folder: string, data: OverlayData): Promise<LoadedOverlay> {
  const file = join(folder, "overlay.yaml");
  const yaml = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new PosternError({
      code: "input.overlay",
      message: `${folder}: holds no overlay.yaml`,
      hint: "An overlay is a folder with an overlay.yaml; docs/overlays.md shows one.",
      cause,
    });
  });
  const overlay = parseOverlay(basename(folder), renderText(yaml, data), file);
  const laidFiles = await layFiles(join(folder, "files"), overlay, data);
  const laidDirectories = overlay.directories.map((entry) => withDefaults(entry, "0755"));
  return { ...overlay, laidFiles, laidDirectories, hash: hashOf(overlay, laidFiles) };
}

/** Values go in as they are: none of these files is HTML. */
function renderText(template: string, data: OverlayData): string {
  return Mustache.render(template, data, {}, { escape: (value: unknown) => String(value) });
}

async function layFiles(folder: string, overlay: Overlay, data: OverlayData): Promise<LaidFile[]> {
  const special = new Map(overlay.files.map((entry) => [entry.path, entry]));
  const laid: LaidFile[] = [];
  for (const relative of await filesBelow(folder)) {
    const template = relative.endsWith(TEMPLATE);
    const path = `/${template ? relative.slice(0, -TEMPLATE.length) : relative}`;
    const raw = await readFile(join(folder, relative));
    const bytes = template ? Buffer.from(renderText(raw.toString("utf8"), data)) : raw;
    laid.push({ ...withDefaults(special.get(path) ?? { path }, "0644"), bytes });
    special.delete(path);
  }
  const [missing] = special.keys();
  if (missing === undefined) return laid;
  throw new PosternError({
    code: "input.overlay",
    message: `${overlay.id}/overlay.yaml: files names ${missing}, which is not in ${folder}`,
    hint: "Add the file below files/, or take the line out.",
  });
}

function withDefaults(entry: OverlayPath, mode: string): Omit<LaidFile, "bytes"> {
  const owner = entry.owner ?? "root";
  return {
    path: entry.path,
    mode: Number.parseInt(entry.mode ?? mode, 8),
    owner,
    group: entry.group ?? owner,
  };
}

/** Regular files below a folder, relative, sorted by code unit; none when the folder is not there. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** What only the report says is left out: a better sentence must not boot the base again. */
function hashOf(overlay: Overlay, files: readonly LaidFile[]): string {
  const { exceptions, checks, ...laid } = overlay;
  const asked = checks.map(({ does, cis, ...check }) => check);
  const hash = createHash("sha256").update(JSON.stringify({ ...laid, checks: asked }));
  for (const { path, mode, owner, group, bytes } of files) {
    hash.update(`\0${path}\0${mode}\0${owner}\0${group}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}
