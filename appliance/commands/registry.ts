import type { Command } from "./command.ts";
import { BOOT_COMMANDS } from "./registry/boot.ts";
import { DEFENDER_COMMANDS } from "./registry/defender.ts";
import { SETTINGS_COMMANDS } from "./registry/settings.ts";
import { STATE_COMMANDS } from "./registry/state.ts";

/** Every command of posternctl, in the order in which people need them. */
export const COMMANDS: readonly Command[] = [
  ...SETTINGS_COMMANDS,
  ...STATE_COMMANDS,
  ...DEFENDER_COMMANDS,
  ...BOOT_COMMANDS,
];
