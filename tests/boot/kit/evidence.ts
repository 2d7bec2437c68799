import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Machine } from "./qemu.ts";

/** Git-ignored; holds what a failed test left. */
export const LOGS = join(import.meta.dirname, "..", "logs");

const KEPT = /\.(log|png)$/;

/** Copies a machine's logs and a picture of its screen, as it is now, to `tests/boot/logs/<name>/`. */
export async function keepEvidence(machine: Machine, name: string): Promise<string> {
  const target = join(LOGS, name);
  await mkdir(target, { recursive: true });
  // A machine that is gone has no screen, but its logs still say why.
  await machine.screenshot("at-failure").catch(() => {});
  const files = (await readdir(machine.folder)).filter((file) => KEPT.test(file));
  await Promise.all(files.map((file) => copyFile(join(machine.folder, file), join(target, file))));
  return target;
}

/** Keeps a picture of a machine's screen as `<name>.png`, where the run has a folder for them. */
export async function keepScreen(machine: Machine, name: string): Promise<void> {
  const folder = process.env.POSTERN_BOOT_SCREENS;
  if (folder === undefined) return;
  // A machine that powered itself off has no screen any more.
  const file = await machine.screenshot("at-end").catch(() => undefined);
  if (file !== undefined) await copyFile(file, join(folder, `${name}.png`));
}
