import { messageOf, PosternError } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import { parseSettings } from "../settings/parse.ts";
import { settingsText } from "../settings/text.ts";
import { readIfThere, writeAtomic } from "../system/files.ts";
import type { RunCommand } from "./command.ts";

/** Prints the settings in force, or writes them to a file that only root can read. */
export const run: RunCommand = async ({ system, print }, { flags, rest: [file] }) => {
  const text = await readIfThere(system.paths.confirmed);
  if (text === undefined) {
    throw new PosternError({
      code: "input.settings",
      message: `${SETTINGS}: this machine is not configured yet.`,
      hint: "posternctl setup",
    });
  }
  const shown = flags.has("without-secrets") ? withoutSecrets(text) : text;
  if (file === undefined) {
    print(shown.trimEnd());
    return 0;
  }
  await writeAtomic(file, shown, { mode: 0o600, uid: 0, gid: 0 }).catch((error: unknown) => {
    throw new PosternError({
      code: "host.export",
      message: `${file} cannot be written: ${messageOf(error)}`,
      hint: "Name a file in a folder that is there and has room.",
      cause: error,
    });
  });
  print(`The settings in force are in ${file}.`);
  return 0;
};

/** Comments go with the secrets: one of them may hold what was taken out. */
function withoutSecrets(text: string): string {
  const { admin, ...rest } = parseSettings(text, SETTINGS);
  const { passwordHash: _, ...others } = admin;
  return settingsText({ ...rest, admin: { ...others, passwordLogin: false } });
}
