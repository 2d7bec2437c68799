import type { Command } from "../command.ts";

/** What is about the Defender cloud and its clients. */
export const DEFENDER_COMMANDS: readonly Command[] = [];
