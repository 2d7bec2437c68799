import { hashPassword } from "../../appliance/access/password.ts";
import { realSystem } from "../../appliance/system/node.ts";
import { rootOutput, sshTarget } from "./inspect.ts";
import { GUEST_NETWORK } from "./kit/addresses.ts";
import type { Drive } from "./kit/hardware.ts";
import { fatImage } from "./kit/media.ts";
import { sessionFolder } from "./kit/session.ts";
import { makeSshKey, type SshTarget } from "./kit/ssh.ts";

const PASSWORD = "correct horse battery";

/** What a machine that takes its settings from a stick is given, and the ways into it. */
export interface Access {
  /** The settings' text. */
  settings: string;
  /** What a command printed that root ran on it. */
  root(...command: readonly string[]): Promise<string>;
  target: SshTarget;
  password: string;
}

/** Settings that let the test in, and its clients. */
export async function makeAccess(machine: string, hostname: string): Promise<Access> {
  const key = await makeSshKey(await sessionFolder("machines", machine));
  const target = await sshTarget(machine, key);
  const hash = await hashPassword(realSystem(), PASSWORD);
  return {
    settings: settingsFor(hostname, key.publicLine, hash),
    target,
    password: PASSWORD,
    root: (...command) => rootOutput(target, PASSWORD, ...command),
  };
}

/** Settings with the guest's network as client, and one way in. */
export function settingsFor(hostname: string, sshKey: string, passwordHash: string): string {
  return `schema: 1
hostname: ${hostname}
clients:
  - cidr: ${GUEST_NETWORK}
    label: servers
admin:
  sshKeys: ["${sshKey}"]
  passwordHash: ${passwordHash}
`;
}

/** A stick labelled POSTERN with these settings, as a drive. */
export async function stickWith(machine: string, settings: string): Promise<Drive> {
  const folder = await sessionFolder("machines", machine);
  return { id: "seed", kind: "disk", file: await fatImage(folder, "POSTERN", { "settings.yaml": settings }) };
}
