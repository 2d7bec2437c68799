import { existsSync } from "node:fs";
import { messageOf } from "../../error.ts";
import { DEFAULTS } from "../../settings/defaults.ts";
import type { Keyboard } from "../../settings/settings.ts";
import { privateFolder, readIfThere, writeAtomic } from "../../system/files.ts";
import type { System } from "../../system/system.ts";
import { layoutText } from "./layouts.ts";

/** The model that console-setup takes for every keyboard with a cable. */
const MODEL = "pc105";

/** What is wrong with a layout: there is no such one on this machine. */
export async function layoutProblem(
  { paths }: System,
  { layout, variant }: Keyboard,
): Promise<string | undefined> {
  const folder = paths.at("/usr/share/X11/xkb/symbols");
  if (!existsSync(folder)) return undefined;
  const symbols = await readIfThere(`${folder}/${layout}`).catch(() => undefined);
  if (symbols === undefined) return `a layout that this machine knows; ${layout} is none`;
  if (variant === undefined || symbols.includes(`xkb_symbols "${variant}"`)) return undefined;
  return `a variant that ${layout} has; ${variant} is none`;
}

/**
 * Puts a layout on the running consoles. `setupcon` would do the same from a file, but only once the settings
 * are in force: ckbcomp makes the kernel's table from the X keyboard data, loadkeys gives it to the kernel.
 *
 * @returns why it could not be done, or undefined.
 */
export async function loadLayout(
  system: System,
  keyboard: Keyboard,
  line: string,
): Promise<string | undefined> {
  if (await isThere(system, keyboard)) return undefined;
  const variant = keyboard.variant === undefined ? [] : ["-variant", keyboard.variant];
  try {
    const made = await system.run("ckbcomp", [
      "-compact",
      "-model",
      MODEL,
      "-layout",
      keyboard.layout,
      ...variant,
    ]);
    // An unknown variant is only a warning to it, and the plain layout comes out.
    if (made.code !== 0 || /can ?not find/i.test(made.stderr)) return firstLine(made.stderr);
    const loaded = await system.run("loadkeys", ["--quiet", "--unicode", `--console=/dev/${line}`], {
      input: made.stdout,
    });
    if (loaded.code !== 0) return firstLine(loaded.stderr);
    await privateFolder(system.paths.run);
    await writeAtomic(system.paths.keyboard, layoutText(keyboard), { mode: 0o600, uid: 0, gid: 0 });
    return undefined;
  } catch (error) {
    return firstLine(messageOf(error));
  }
}

/** Before anybody chose one, an image's keyboard is the default; then only loading it again is sure. */
async function isThere({ paths }: System, keyboard: Keyboard): Promise<boolean> {
  if (layoutText(keyboard) !== DEFAULTS.keyboard.layout || existsSync(paths.confirmed)) return false;
  return (await readIfThere(paths.keyboard)) === undefined;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] || "no reason was given";
}
