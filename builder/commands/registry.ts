import type { Command, CommandGroup } from "./command.ts";

/** Each command with its file, loaded when it is called. Its help is `help/<name>.txt`. */
export const COMMANDS = {
  build: async () => (await import("./build.ts")).buildCommand,
  plan: async () => (await import("./plan.ts")).planCommand,
  reproduce: async () => (await import("./reproduce.ts")).reproduceCommand,
  release: async () => (await import("./release.ts")).releaseCommand,
  verify: async () => (await import("./verify.ts")).verifyCommand,
  iso: async () => (await import("./iso.ts")).isoCommand,
  publish: async () => (await import("./publish.ts")).publishCommand,
  attack: async () => (await import("./attack.ts")).attackCommand,
  test: async () => (await import("./test.ts")).testCommand,
  doctor: async () => (await import("./doctor.ts")).doctorCommand,
  clean: async () => (await import("./clean.ts")).cleanCommand,
} as const satisfies Record<string, () => Promise<Command | CommandGroup>>;

export type CommandName = keyof typeof COMMANDS;

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
