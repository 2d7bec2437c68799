import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sshNetworks } from "../access/ssh.ts";
import { listCards, ownNetworks } from "../network/cards.ts";
import { PROXY_PORT } from "../paths.ts";
import type { Release } from "../release.ts";
import type { Settings } from "../settings/settings.ts";
import { fingerprint, parseSshKey } from "../settings/sshkey.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { type Denial, lastDenials } from "./denials.ts";
import { isListening } from "./proxy.ts";

/** What the status screen and `posternctl status` show. */
export interface Status {
  version: string;
  base: string;
  configured: boolean;
  hostname: string | undefined;
  addresses: { card: string; address: string; hasLink: boolean }[];
  serving: boolean;
  port: number;
  clients: { cidr: string; label?: string }[];
  defender: { cloud: string; connectivity: string; services: string[]; workspaces: string[] } | undefined;
  ssh: { from: string[]; fingerprints: string[] };
  denials: Denial[];
}

const MOST_DENIALS = 5;

/** Reads the state of the machine; waits for nothing and starts nothing that takes time. */
export async function readStatus(
  system: System,
  settings: Settings | undefined,
  release: Release,
): Promise<Status> {
  const [cards, serving, fingerprints, denials] = await Promise.all([
    listCards(system),
    isListening(system),
    hostFingerprints(system),
    lastDenials(system.paths.accessLog, MOST_DENIALS),
  ]);
  return {
    version: release.version,
    base: release.base,
    configured: settings !== undefined,
    hostname: settings?.hostname,
    addresses: cards.map(({ name, addresses, hasLink }) => ({
      card: name,
      address: addresses.join(", "),
      hasLink,
    })),
    serving: serving && settings !== undefined,
    port: PROXY_PORT,
    clients: [...(settings?.clients ?? [])],
    defender: settings && defenderOf(settings),
    ssh: {
      from: settings === undefined ? [] : [...sshNetworks(settings, ownNetworks(system))],
      fingerprints,
    },
    denials,
  };
}

function defenderOf({ defender }: Settings): Status["defender"] {
  const { cloud, connectivity, services, workspaces } = defender;
  return { cloud, connectivity, services: [...services], workspaces: [...workspaces] };
}

/** `SHA256:... (ed25519)` for each of this machine's SSH host keys. */
async function hostFingerprints({ paths }: System): Promise<string[]> {
  const names = await readdir(paths.hostKeys).catch(() => []);
  const keys = names.filter((name) => /^ssh_host_.*_key\.pub$/.test(name)).sort();
  const texts = await Promise.all(keys.map((name) => readIfThere(join(paths.hostKeys, name))));
  return texts.flatMap((text) => {
    const parsed = parseSshKey(text ?? "");
    return parsed.ok ? [`${fingerprint(parsed.value)} (${parsed.value.type.replace(/^ssh-/, "")})`] : [];
  });
}
