import { type Finished, type RunOptions, run } from "./run.ts";

/**
 * Runs a command as root of the root tree's files: as it is when we are root, else in a user namespace in
 * which the caller is root and every other id one of his sub-ids. So root can go wherever the caller can:
 * into his home, his cache and his checkout, which nobody else may enter.
 */
export function asRoot(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const { command: program, args: words } = rootCommand(command, args, process.geteuid?.() === 0);
  return run(program, words, options);
}

/**
 * The command line that `asRoot` runs. `unshare --map-auto` is util-linux 2.38 or newer.
 *
 * @param mounts the command mounts something, which only root of a mount namespace may.
 */
export function rootCommand(
  command: string,
  args: readonly string[],
  isRoot: boolean,
  mounts = false,
): { command: string; args: readonly string[] } {
  if (isRoot) return { command, args };
  const ids = ["--map-root-user", "--map-auto", ...(mounts ? ["--mount"] : [])];
  return { command: "unshare", args: [...ids, "--", command, ...args] };
}
