import { currentSettings } from "../settings/current.ts";
import { editSettings } from "../settings/edit.ts";
import { parseSettings } from "../settings/parse.ts";
import { settingsIn } from "./apply.ts";
import { change, originOf } from "./change.ts";
import type { RunCommand } from "./command.ts";

/** Puts exported settings in force, with this machine's own name and network where that is asked for. */
export const run: RunCommand = async (context, args) => {
  const [file = ""] = args.rest;
  const text = await settingsIn(file);
  const settings = parseSettings(text, file);
  const origin = originOf("command", `import ${file}`);
  const own = args.flags.has("keep-network") ? await currentSettings(context.system.paths) : undefined;
  if (own === undefined) return change(context, { settings, text, origin }, args);
  const { hostname, network } = own;
  const { passwordHash } = settings.admin.passwordHash === undefined ? own.admin : settings.admin;
  const admin = { ...settings.admin, ...(passwordHash === undefined ? {} : { passwordHash }) };
  const merged = { ...settings, hostname, network, admin };
  return change(context, { settings: merged, text: editSettings(text, merged), origin }, args);
};
