import { type InstalledCatalogue, LARGEST_CATALOGUE, parseInstalled } from "../endpoints/installed.ts";
import { messageOf, PosternError } from "../error.ts";
import { migrateSettings } from "../settings/migrate.ts";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/settings.ts";
import { settingsText } from "../settings/text.ts";
import { changedError, covered, type ExportFile, newerError } from "./form.ts";
import { unseal } from "./seal.ts";

/** What an export brings to a machine. */
export interface Opened {
  settings: Settings;
  /** The settings file, with its comments where they were sealed. */
  text: string;
  /** The catalogue that was installed there. */
  installed?: InstalledCatalogue;
  /** Date of the catalogue that the other machine went by. */
  catalogue: string;
}

/** How to open an export. */
export interface Opening {
  /** Of the file, for the messages. */
  name: string;
  /** The version of Postern here. */
  version: string;
  /** Undefined where nothing is sealed. */
  passphrase?: string;
}

/**
 * Opens an export that `readExport` has read.
 *
 * @throws PosternError `input.passphrase` (none, or another one), `input.export-changed`, `input.export-newer`,
 *   `input.settings`, `input.catalogue`
 */
export async function openExport(file: ExportFile, opening: Opening): Promise<Opened> {
  const { name } = opening;
  const text = await settingsOf(file, opening);
  const settings = meaningOf(file, text, opening);
  const installed = file.installed === undefined ? undefined : catalogueOf(file.installed, name);
  return {
    settings: settings.settings,
    text: settings.text,
    ...(installed === undefined ? {} : { installed }),
    catalogue: file.catalogue,
  };
}

/** `proxy-01, exported 2026-11-26 by Postern 1.0.0`, in printable ASCII whoever wrote it. */
export function aboutText({ settings, time, postern }: ExportFile): string {
  const text = `${settings.hostname}, exported ${time.slice(0, 10)} by Postern ${postern}`;
  return text.replaceAll(/[^ -~]/g, "?").slice(0, 160);
}

async function settingsOf(file: ExportFile, { name, passphrase }: Opening): Promise<string> {
  const { sealed } = file;
  // Whatever stands there is looked at by the parser of settings, not believed.
  if (sealed === undefined) return settingsText(file.settings as unknown as Settings);
  if (passphrase === undefined) {
    throw new PosternError({
      code: "input.passphrase",
      message: `${name} is sealed, and no passphrase came with it.`,
      hint: `posternctl import ${name} asks for it; --passphrase-file FILE names a file with it.`,
    });
  }
  const opened = await unseal(sealed, passphrase, covered(file));
  if (opened.kind === "text") return opened.text;
  if (opened.kind === "changed") throw changedError(name, "the passphrase is right, but the seal is broken");
  throw new PosternError({
    code: "input.passphrase",
    message: `${name} was sealed with another passphrase.`,
    hint: "Try again; capitals and the keyboard's layout count. Without it nobody can open the file: make another one on that machine.",
  });
}

/** The settings in the form of today. */
function meaningOf(
  { postern }: ExportFile,
  text: string,
  { name, version }: Opening,
): { settings: Settings; text: string } {
  try {
    const current = migrateSettings(text, name);
    return { text: current, settings: parseSettings(current, name) };
  } catch (error) {
    if (error instanceof PosternError && error.code === "input.settings" && isNewer(postern, version))
      throw newerError(name, postern, `this machine does not know all of its settings. ${error.message}`);
    throw error;
  }
}

function catalogueOf(installed: InstalledCatalogue, name: string): InstalledCatalogue {
  try {
    const text = JSON.stringify(installed);
    if (text.length > LARGEST_CATALOGUE) throw new Error(`at most ${LARGEST_CATALOGUE} characters`);
    return parseInstalled(text);
  } catch (error) {
    if (error instanceof PosternError) throw error;
    throw changedError(name, `its catalogue: ${messageOf(error)}`);
  }
}

/** Whether `1.10.0` comes after `1.9.2`; of what is no version nothing is said. */
export function isNewer(one: string, other: string): boolean {
  const [numbers, others] = [numbersOf(one), numbersOf(other)];
  if (numbers === undefined || others === undefined) return false;
  const at = numbers.findIndex((number, index) => number !== others[index]);
  return at >= 0 && (numbers[at] ?? 0) > (others[at] ?? 0);
}

function numbersOf(version: string): number[] | undefined {
  const found = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})/.exec(version);
  return found?.slice(1).map(Number);
}
