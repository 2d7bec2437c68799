import { messageOf, PosternError } from "../error.ts";
import { makeExport, openText, settingsInForce } from "../export/make.ts";
import { parseSettings } from "../settings/parse.ts";
import { adminHash } from "../system/accounts.ts";
import { writeAtomic } from "../system/files.ts";
import { usageError } from "./arguments.ts";
import type { Arguments, CommandContext, RunCommand } from "./command.ts";
import { newPassphrase, PASSPHRASE_FILE, type PassphraseOptions } from "./passphrase.ts";

/** Prints everything that makes this machine, or writes it to a file that only root can read. */
export const run: RunCommand = (context, args) => exportMachine(context, args);

export async function exportMachine(
  context: CommandContext,
  args: Arguments,
  options: PassphraseOptions = {},
): Promise<number> {
  const { system, print } = context;
  const { flags, values, rest } = args;
  const [file] = rest;
  const isPlain = flags.has("settings");
  const isOpen = flags.has("without-secrets");
  if (values.has(PASSPHRASE_FILE) && (isPlain || isOpen))
    throw usageError(
      `--${PASSPHRASE_FILE}: nothing is sealed with --settings or --without-secrets`,
      "export",
    );
  const settings = await settingsInForce(system);
  const text = isPlain ? (isOpen ? openText(settings) : settings) : await whole(context, args, options);
  if (file === undefined) {
    print(text.trimEnd());
    return 0;
  }
  await writeAtomic(file, text, { mode: 0o600, uid: 0, gid: 0 }).catch((error: unknown) => {
    throw new PosternError({
      code: "host.export",
      message: `${file} cannot be written: ${messageOf(error)}`,
      hint: "Name a file in a folder that is there and has room.",
      cause: error,
    });
  });
  print(
    isPlain ? `The settings in force are in ${file}.` : `Everything that makes this machine is in ${file}.`,
  );
  if (!isPlain && !isOpen) {
    print("Without its passphrase nobody can open it. SSH host keys, history and logs are not in it.");
    if (await isPasswordElsewhere(context, settings))
      print("The console password was set by another program and is not in it: posternctl setup sets one.");
  }
  return 0;
}

async function whole(
  { system, release }: CommandContext,
  args: Arguments,
  options: PassphraseOptions,
): Promise<string> {
  const passphrase = args.flags.has("without-secrets") ? undefined : await newPassphrase(args, options);
  return makeExport(system, release, passphrase);
}

/** Whether the account has a password that the settings do not know. */
async function isPasswordElsewhere({ system }: CommandContext, text: string): Promise<boolean> {
  const { passwordHash } = parseSettings(text, "settings").admin;
  const hash = await adminHash(system.paths).catch(() => undefined);
  return hash?.startsWith("$") === true && hash !== passwordHash;
}
