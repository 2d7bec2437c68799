import { type Finished, type RunOptions, run } from "./run.ts";

/**
 * Runs a command as root of the root tree's files: as it is when we are root, else in a user namespace
 * whose ids are the caller's sub-ids, which is where mmdebstrap put the files then.
 */
export function asRoot(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const { command: program, args: words } = rootCommand(command, args, process.geteuid?.() === 0);
  return run(program, words, options);
}

/** The command line that `asRoot` runs. `unshare --map-auto` is util-linux 2.38 or newer. */
export function rootCommand(
  command: string,
  args: readonly string[],
  isRoot: boolean,
): { command: string; args: readonly string[] } {
  if (isRoot) return { command, args };
  return { command: "unshare", args: ["--map-root-user", "--map-auto", "--", command, ...args] };
}
