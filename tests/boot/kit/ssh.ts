import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { type Finished, type RunOptions, run } from "../../../builder/host/run.ts";
import { INSIDE_ADDRESS } from "./addresses.ts";
import { STEP_PATIENCE } from "./patience.ts";

export interface SshKey {
  /** Private key file, 0600. */
  file: string;
  /** The public line, without a newline. */
  publicLine: string;
}

export interface SshTarget {
  user: string;
  /** Where the forwarded port is by default. */
  host?: string;
  port: number;
  key: SshKey;
  /** The machine's own, so that a changed host key is a failure. */
  knownHosts: string;
}

/** A new ed25519 key pair in `folder`. */
export async function makeSshKey(folder: string): Promise<SshKey> {
  const file = join(folder, "client-key");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "boot-test", "-f", file]);
  await chmod(file, 0o600);
  const { stdout } = await run("ssh-keygen", ["-y", "-f", file]);
  return { file, publicLine: stdout.trim() };
}

/**
 * Runs a command on the guest by its argument list; ssh gives the far shell one string, so each is quoted.
 * The first connection records the host key, every later one must show the same.
 * @throws PosternError guest.ssh with what ssh said.
 */
export function ssh(
  target: SshTarget,
  command: readonly string[],
  options: Pick<RunOptions, "input" | "okCodes" | "timeout"> = {},
): Promise<Finished> {
  const args = [
    ...["-F", "none", "-i", target.key.file, "-p", String(target.port), "-T"],
    ...option("BatchMode", "yes"),
    ...option("IdentitiesOnly", "yes"),
    ...option("ConnectTimeout", "60"),
    ...option("StrictHostKeyChecking", "accept-new"),
    ...option("UserKnownHostsFile", target.knownHosts),
    ...option("LogLevel", "ERROR"),
    ...["--", `${target.user}@${target.host ?? INSIDE_ADDRESS}`, command.map(shellQuoted).join(" ")],
  ];
  return run("ssh", args, { timeout: STEP_PATIENCE, ...options, code: "guest.ssh" });
}

function option(name: string, value: string): string[] {
  return ["-o", `${name}=${value}`];
}

/** One word for a POSIX shell. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
