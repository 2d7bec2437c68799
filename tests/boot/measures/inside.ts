import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SshTarget, ssh } from "../kit/ssh.ts";
import { TOOLS_LABEL } from "./tools.ts";

/** The way to be root on the measured machine. */
export interface Inside {
  target: SshTarget;
  password: string;
}

/** Under emulation the long ones take minutes. */
const TIMEOUT = 1_200_000;

/** Standard output of a shell text of ours, run as root; data goes in as arguments. */
export async function asRoot(
  { target, password }: Inside,
  script: string,
  ...args: readonly string[]
): Promise<string> {
  const sudo = ["sudo", "-S", "-p", "", "--", "sh", "-c", script, "sh", ...args];
  return (await ssh(target, sudo, { input: `${password}\n`, timeout: TIMEOUT })).stdout;
}

/**
 * Runs one of the `.sh` files of this folder as root, in a mount namespace of its own: what it mounts or
 * covers is seen by nobody else. Its first argument is the disk with the tools, which it mounts itself.
 */
export async function withTools(inside: Inside, file: string, ...args: readonly string[]): Promise<string> {
  const script = await readFile(join(import.meta.dirname, file), "utf8");
  return asRoot(inside, ENTER, TOOLS_LABEL, script, ...args);
}

const ENTER = `disk=$(blkid -L "$1"); text=$2; shift 2
exec unshare --mount --propagation private -- sh -eu -c "$text" sh "$disk" "$@"`;
