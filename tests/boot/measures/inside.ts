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
const TIMEOUT = 1_800_000;

/**
 * Standard output of a shell text of ours, run as root; data goes in as arguments. A unit of its own runs it:
 * a session's own processes live in the sandbox of the SSH server, and would measure that.
 */
export async function asRoot(
  { target, password }: Inside,
  script: string,
  ...args: readonly string[]
): Promise<string> {
  const unit = ["systemd-run", "--quiet", "--pipe", "--wait", "--collect", "--expand-environment=no"];
  const shell = ["-p", "PrivateMounts=yes", "--", "/bin/sh", "-eu", "-c", script, "sh", ...args];
  const sudo = ["sudo", "-S", "-p", "", "--", ...unit, ...shell];
  return (await ssh(target, sudo, { input: `${password}\n`, timeout: TIMEOUT })).stdout;
}

/**
 * Runs one of the `.sh` files of this folder so: what it mounts or covers is seen by nobody else. Its first
 * argument is the disk with the tools, which it mounts itself.
 */
export async function withTools(inside: Inside, file: string, ...args: readonly string[]): Promise<string> {
  const script = await readFile(join(import.meta.dirname, file), "utf8");
  return asRoot(inside, script, `/dev/disk/by-label/${TOOLS_LABEL}`, ...args);
}
