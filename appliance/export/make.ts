import { catalogueInUse } from "../endpoints/installed.ts";
import { PosternError } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import type { Release } from "../release.ts";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/settings.ts";
import { settingsText } from "../settings/text.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { covered, EXPORT_SCHEMA, type ExportFile, exportText, FORMAT } from "./form.ts";
import { seal } from "./seal.ts";

/**
 * Everything that makes this machine, as one text. What must be another's on another machine is not in it: SSH
 * host keys, machine id, history, logs.
 *
 * @param passphrase seals the settings file, secrets and comments and all; undefined: both are left out, and so is
 *   an installed catalogue, whose signature stayed behind and which nothing would vouch for.
 * @throws PosternError `input.settings` on a machine that is not configured.
 */
export async function makeExport(
  system: System,
  release: Release,
  passphrase: string | undefined,
): Promise<string> {
  const text = await settingsInForce(system);
  const settings = parseSettings(text, SETTINGS);
  const { catalogue, installed } = await catalogueInUse(system.paths);
  const about = {
    format: FORMAT,
    schema: EXPORT_SCHEMA,
    postern: release.version,
    base: release.base,
    time: new Date().toISOString(),
    catalogue: catalogue.version,
  } as const;
  if (passphrase === undefined) return exportText({ ...about, settings: { ...open(settings) } });
  const more = installed === undefined ? {} : { installed };
  const file: Omit<ExportFile, "sealed" | "sha256"> = {
    ...about,
    settings: { ...readable(settings) },
    ...more,
  };
  const sealed = await seal(text, passphrase, (header) =>
    covered({ ...file, sealed: { ...header, data: "" } }),
  );
  return exportText({ ...file, sealed });
}

/** The settings in force as their author wrote them. */
export async function settingsInForce({ paths }: System): Promise<string> {
  const text = await readIfThere(paths.confirmed);
  if (text !== undefined) return text;
  throw new PosternError({
    code: "input.settings",
    message: `${SETTINGS}: this machine is not configured yet.`,
    hint: "posternctl setup",
  });
}

/** Settings for everybody's eyes that are whole all the same. */
export function open(settings: Settings): Settings {
  const shown = readable(settings);
  return { ...shown, admin: { ...shown.admin, passwordLogin: false } };
}

/** The same as a file. Comments go with the secrets: one of them may hold what was taken out. */
export function openText(text: string): string {
  return settingsText(open(parseSettings(text, SETTINGS)));
}

function readable({ admin, ...rest }: Settings): Settings {
  const { passwordHash: _, ...others } = admin;
  return { ...rest, admin: others };
}
