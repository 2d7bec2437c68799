import { basename, join } from "node:path";
import { messageOf } from "../error.ts";
import { isExport, LARGEST_EXPORT } from "../export/form.ts";
import { firstLine } from "../export/seal.ts";
import { readRelease } from "../release.ts";
import { sshKey } from "../settings/fields.ts";
import { LARGEST } from "../settings/parse.ts";
import type { System } from "../system/system.ts";
import { lookAtExports } from "./exports.ts";
import { listMedia, type Medium, withMounted } from "./media.ts";
import type { ExportOnDisk, PosternDisk } from "./posterndisk.ts";
import { namesIn, pathOf, readStrange } from "./read.ts";
import { foundText, type Looked } from "./source.ts";

export const DISK_LABEL = "POSTERN";

const KEY_FILE = /^authorized_keys(\.txt)?$|\.pub$/i;
const LARGEST_KEY_FILE = 64 * 1024;
const MOST_KEY_FILES = 64;
const MOST_DISKS = 4;
const MOST_EXPORTS = 8;
/** Names of files of JSON that are looked into. */
const MOST_NAMES = 32;
const LARGEST_PASSPHRASE = 4096;

/** What is on the first disk labelled POSTERN, or undefined where there is none. Never throws. */
export async function readDisk(system: System): Promise<PosternDisk | undefined> {
  return (await readDisks(system))[0];
}

/** Settings on disks labelled POSTERN, by device name: `settings.yaml`, else an export that can be opened. */
export async function lookAtDisks(system: System): Promise<Looked> {
  const looked: Looked[] = [];
  const { version } = readRelease(system.paths);
  for (const disk of await readDisks(system)) looked.push(await lookAtDisk(disk, version));
  const exports = looked.flatMap((one) => one.exports ?? []);
  return {
    found: looked.flatMap(({ found }) => found),
    notes: looked.flatMap(({ notes }) => notes),
    ...(exports.length === 0 ? {} : { exports }),
  };
}

async function lookAtDisk(disk: PosternDisk, version: string): Promise<Looked> {
  const { device, settings, notes } = disk;
  if (settings === undefined) return lookAtExports(disk, version);
  return {
    found: [foundText({ way: "disk", detail: device }, settings, `settings.yaml on ${device}`)],
    notes,
  };
}

/** What is on every disk labelled POSTERN, by device name. Never throws. */
export async function readDisks(system: System): Promise<PosternDisk[]> {
  const media = await listMedia(system).catch(() => []);
  const disks: PosternDisk[] = [];
  for (const medium of media.filter(({ label }) => label === DISK_LABEL).slice(0, MOST_DISKS)) {
    disks.push(await readOne(system, medium));
  }
  return disks;
}

async function readOne(system: System, medium: Medium): Promise<PosternDisk> {
  const { device } = medium;
  try {
    return await withMounted(system, medium, async (folder) => {
      const notes: string[] = [];
      const note = (error: unknown): undefined => {
        notes.push(messageOf(error).replaceAll(folder, device));
      };
      const textOf = async (names: readonly string[]): Promise<string | undefined> => {
        const path = await pathOf(folder, names);
        const bytes = path === undefined ? undefined : await readStrange(path, LARGEST).catch(note);
        return bytes?.toString("utf8");
      };
      const settings = await textOf(["settings.yaml", "settings.yml"]);
      const install = await textOf(["install.yaml", "install.yml"]);
      const keys = await keysIn(folder, note);
      const exports = await exportsIn(folder, note);
      const passphrase = exports.length === 0 ? undefined : await passphraseIn(folder, note);
      return {
        device,
        ...(settings === undefined ? {} : { settings }),
        ...(install === undefined ? {} : { install }),
        ...(exports.length === 0 ? {} : { exports }),
        ...(passphrase === undefined ? {} : { passphrase }),
        keys,
        notes,
      };
    });
  } catch (error) {
    return { device, keys: [], notes: [messageOf(error)] };
  }
}

async function keysIn(folder: string, note: (error: unknown) => undefined): Promise<string[]> {
  const names = (await namesIn(folder)).filter((name) => KEY_FILE.test(name)).slice(0, MOST_KEY_FILES);
  const keys = new Set<string>();
  for (const name of names) {
    const bytes = await readStrange(join(folder, basename(name)), LARGEST_KEY_FILE).catch(note);
    for (const line of bytes?.toString("utf8").split("\n") ?? []) {
      const key = sshKey(line);
      if (key.ok) keys.add(key.value);
    }
  }
  return [...keys];
}

/** Every export of a machine, whatever its name but for `.json` at the end. */
async function exportsIn(folder: string, note: (error: unknown) => undefined): Promise<ExportOnDisk[]> {
  const names = (await namesIn(folder)).filter((name) => /\.json$/i.test(name)).slice(0, MOST_NAMES);
  const exports: ExportOnDisk[] = [];
  for (const name of names) {
    const bytes = await readStrange(join(folder, basename(name)), LARGEST_EXPORT).catch(note);
    const text = bytes?.toString("utf8") ?? "";
    if (isExport(text) && exports.length < MOST_EXPORTS) exports.push({ name, text });
  }
  return exports;
}

async function passphraseIn(
  folder: string,
  note: (error: unknown) => undefined,
): Promise<string | undefined> {
  const path = await pathOf(folder, ["passphrase", "passphrase.txt"]);
  const bytes = path === undefined ? undefined : await readStrange(path, LARGEST_PASSPHRASE).catch(note);
  const line = firstLine(bytes?.toString("utf8") ?? "");
  return line === "" ? undefined : line;
}
