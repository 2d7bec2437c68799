import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sessionFolder } from "./kit/session.ts";
import { type SshKey, type SshTarget, ssh } from "./kit/ssh.ts";
import { SSH_PORT } from "./machines.ts";

/** What makes a machine an individual. */
export interface Identity {
  machineId: string;
  /** The public host keys, sorted. */
  hostKeys: readonly string[];
}

/** The way into a machine over SSH; each machine has its own known hosts. */
export async function sshTarget(machine: string, key: SshKey): Promise<SshTarget> {
  const folder = await sessionFolder("machines", machine);
  return { user: "postern", port: SSH_PORT, key, knownHosts: join(folder, "known_hosts") };
}

/** Standard output of a command that the administrator may run. */
export async function output(target: SshTarget, ...command: readonly string[]): Promise<string> {
  return (await ssh(target, command)).stdout;
}

/** Standard output of a command run by sudo, with the administrator's password on standard input. */
export async function rootOutput(
  target: SshTarget,
  password: string,
  ...command: readonly string[]
): Promise<string> {
  const sudo = ["sudo", "-S", "-p", "", "--", ...command];
  return (await ssh(target, sudo, { input: `${password}\n` })).stdout;
}

export async function identityOf(target: SshTarget): Promise<Identity> {
  const machineId = (await output(target, "cat", "/etc/machine-id")).trim();
  const keys = await output(target, "sh", "-c", "cat /etc/ssh/ssh_host_*_key.pub");
  return { machineId, hostKeys: keys.trim().split("\n").sort() };
}

/** Keeps a machine's identity for the tests that come after it in this run. */
export async function rememberIdentity(machine: string, identity: Identity): Promise<void> {
  await writeFile(await identityFile(machine), JSON.stringify(identity));
}

/** An identity that an earlier test file kept, or undefined when it was not part of this run. */
export async function recallIdentity(machine: string): Promise<Identity | undefined> {
  const text = await readFile(await identityFile(machine), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null) return undefined;
  if (!("machineId" in parsed && "hostKeys" in parsed)) return undefined;
  const { machineId, hostKeys } = parsed;
  if (typeof machineId !== "string" || !Array.isArray(hostKeys)) return undefined;
  return { machineId, hostKeys: hostKeys.map(String) };
}

async function identityFile(machine: string): Promise<string> {
  return join(await sessionFolder("identities"), `${machine}.json`);
}
