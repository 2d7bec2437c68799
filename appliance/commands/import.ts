import { catalogueInUse } from "../endpoints/installed.ts";
import { catalogueToTake } from "../export/catalogue.ts";
import { isExport, readExport } from "../export/form.ts";
import { type Opened, openExport } from "../export/open.ts";
import { currentSettings } from "../settings/current.ts";
import { editSettings } from "../settings/edit.ts";
import { migrateSettings } from "../settings/migrate.ts";
import { parseSettings } from "../settings/parse.ts";
import { settingsIn } from "./apply.ts";
import { type ChangeOptions, change, originOf } from "./change.ts";
import type { Arguments, CommandContext, RunCommand } from "./command.ts";
import { type PassphraseOptions, withPassphrase } from "./passphrase.ts";

type Brought = Pick<Opened, "settings" | "text"> & Partial<Pick<Opened, "installed" | "catalogue">>;

/** Puts an export or a settings file in force, with this machine's own name and network where that is asked for. */
export const run: RunCommand = (context, args) => importMachine(context, args);

export async function importMachine(
  context: CommandContext,
  args: Arguments,
  options: PassphraseOptions & ChangeOptions = {},
): Promise<number> {
  const { system, print } = context;
  const [file = ""] = args.rest;
  const brought = await broughtBy(context, args, file, options);
  const { settings, text } = await withOwn(context, args, brought);
  const wanted = { settings, text, origin: originOf("command", `import ${file}`) };
  if (brought.catalogue === undefined) return change(context, wanted, args, options);
  const { installed, catalogue } = brought;
  const about = { catalogue, ...(installed === undefined ? {} : { installed }) };
  const taken = catalogueToTake(about, await catalogueInUse(system.paths));
  if (taken.note !== undefined) print(taken.note);
  const more = taken.catalogue === undefined ? {} : { catalogue: taken.catalogue };
  return change(context, { ...wanted, ...more }, args, options);
}

async function broughtBy(
  { release }: CommandContext,
  args: Arguments,
  name: string,
  options: PassphraseOptions,
): Promise<Brought> {
  const text = await settingsIn(name);
  if (!isExport(text)) {
    const current = migrateSettings(text, name);
    return { text: current, settings: parseSettings(current, name) };
  }
  const file = readExport(text, name);
  const { version } = release;
  if (file.sealed === undefined) return openExport(file, { name, version });
  return withPassphrase(args, name, (passphrase) => openExport(file, { name, version, passphrase }), options);
}

/** With --keep-network: what is this machine's own goes over what came. */
async function withOwn(
  { system }: CommandContext,
  { flags }: Arguments,
  { settings, text }: Brought,
): Promise<Pick<Brought, "settings" | "text">> {
  const own = flags.has("keep-network") ? await currentSettings(system.paths) : undefined;
  if (own === undefined) return { settings, text };
  const { hostname, network } = own;
  const { passwordHash } = settings.admin.passwordHash === undefined ? own.admin : settings.admin;
  const admin = { ...settings.admin, ...(passwordHash === undefined ? {} : { passwordHash }) };
  const merged = { ...settings, hostname, network, admin };
  return { settings: merged, text: editSettings(text, merged) };
}
