import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sshNetworks } from "../access/ssh.ts";
import { type Pending, pending } from "../apply/confirm.ts";
import { history } from "../apply/history.ts";
import type { Origin } from "../apply/origin.ts";
import { listCards, ownNetworks } from "../network/cards.ts";
import { PROXY_PORT } from "../paths.ts";
import type { Release } from "../release.ts";
import type { Settings } from "../settings/settings.ts";
import { fingerprint, parseSshKey } from "../settings/sshkey.ts";
import { ownershipOf, readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { nextWindow } from "../time/window.ts";
import type { Traffic } from "../traffic/tally.ts";
import { recentTraffic, type TrafficNow } from "../traffic/watch.ts";
import { type Clock, readClock } from "./clock.ts";
import type { Denial } from "./denials.ts";
import { type Disk, readDisks } from "./disks.ts";
import { type Gateway, readGateway } from "./gateway.ts";
import { type Reach, readReach } from "./reach.ts";
import { readSockets } from "./sockets.ts";
import { type PendingUpdates, readUpdates } from "./updates.ts";

/** What the status screen and `posternctl status` show. */
export interface Status {
  /** Milliseconds since 1970. */
  time: number;
  /** IANA name of the zone in which times are shown. */
  zone: string;
  version: string;
  base: string;
  configured: boolean;
  hostname: string | undefined;
  addresses: { card: string; address: string; hasLink: boolean }[];
  gateway: Gateway | undefined;
  clock: Clock;
  serving: boolean;
  port: number;
  clients: { cidr: string; label?: string }[];
  /** Connections of clients that are open now. */
  tunnels: number;
  /** The last hour; undefined while the log is read for the first time. */
  traffic: Traffic | undefined;
  denials: Denial[];
  defender:
    | { cloud: string; regions: string[]; connectivity: string; services: string[]; workspaces: string[] }
    | undefined;
  /** The catalogue of names in use; undefined while nothing is open. */
  catalogue: CatalogueStatus | undefined;
  /** How the services answered last; undefined while nobody asked them. */
  reach: Reach | undefined;
  disks: Disk[];
  updates: UpdateStatus;
  /** Whether an update waits for a restart of the machine. */
  rebootNeeded: boolean;
  ssh: { from: string[]; fingerprints: string[] };
  /** A change that goes back unless it is confirmed. */
  waiting: Pending | undefined;
  /** Where the settings in force came from; `time` is ISO 8601, UTC. */
  settings: { number: number; time: string; origin: Origin } | undefined;
}

export interface CatalogueStatus {
  version: string;
  /** Fingerprint of the key that signed it; undefined: it came with the image. */
  key: string | undefined;
  /** Why an installed one is not used. */
  problem: string | undefined;
}

export interface UpdateStatus {
  /** Undefined before the first count. */
  pending: PendingUpdates | undefined;
  /** When they install themselves, in words: `tonight 02:00`, `daily`; undefined: never. */
  installs: string | undefined;
  /** Whether a restart that they need happens then too. */
  restarts: boolean;
}

const MOST_SHOWN = 5;

/** What somebody who looks again and again knows already. */
export interface Known {
  clock: Clock;
  /** Undefined while the log is read for the first time. */
  traffic: TrafficNow | undefined;
}

/**
 * Reads the state of the machine; waits for nothing and starts nothing that takes time.
 *
 * @param known what was found out before; without it the end of the log is read and chrony is asked.
 */
export async function readStatus(
  system: System,
  settings: Settings | undefined,
  release: Release,
  known?: Known,
): Promise<Status> {
  const { paths } = system;
  const now = Date.now();
  const [
    cards,
    gateway,
    sockets,
    fingerprints,
    disks,
    waiting,
    entry,
    reach,
    pendingUpdates,
    reboot,
    catalogue,
  ] = await Promise.all([
    listCards(system),
    readGateway(system),
    readSockets(system),
    hostFingerprints(system),
    readDisks(system),
    pending(system),
    newestSettings(system),
    settings === undefined ? undefined : readReach(system, settings),
    readUpdates(system),
    ownershipOf(paths.rebootRequired),
    settings === undefined ? undefined : catalogueStatus(system),
  ]);
  const [clock, traffic] =
    known === undefined
      ? await Promise.all([readClock(system), recentTraffic(paths.accessLog, now)])
      : [known.clock, known.traffic];
  return {
    time: now,
    zone: settings?.time.zone ?? "UTC",
    version: release.version,
    base: release.base,
    configured: settings !== undefined,
    hostname: settings?.hostname,
    addresses: cards.map(({ name, addresses, hasLink }) => ({
      card: name,
      address: addresses.join(", "),
      hasLink,
    })),
    gateway,
    clock,
    serving: sockets.isListening && settings !== undefined,
    port: PROXY_PORT,
    clients: [...(settings?.clients ?? [])],
    tunnels: sockets.open,
    traffic: traffic?.traffic,
    denials: traffic?.denials.slice(0, MOST_SHOWN) ?? [],
    defender: settings && defenderOf(settings),
    catalogue,
    reach,
    disks,
    updates: { pending: pendingUpdates, ...installsOf(settings, now) },
    rebootNeeded: reboot !== undefined,
    ssh: {
      from: settings === undefined ? [] : [...sshNetworks(settings, ownNetworks(system))],
      fingerprints,
    },
    waiting,
    settings: entry,
  };
}

function defenderOf({ defender }: Settings): Status["defender"] {
  const { cloud, regions, connectivity, services, workspaces } = defender;
  return {
    cloud,
    regions: [...regions],
    connectivity,
    services: [...services],
    workspaces: [...workspaces],
  };
}

async function catalogueStatus({ paths }: System): Promise<CatalogueStatus> {
  // The catalogue is large: it is loaded when it is needed.
  const { catalogueInUse } = await import("../endpoints/installed.ts");
  const { catalogue, installed, problem } = await catalogueInUse(paths);
  return { version: catalogue.version, key: installed?.key, problem };
}

function installsOf(settings: Settings | undefined, now: number): Omit<UpdateStatus, "pending"> {
  // An unconfigured machine has what the image says: daily, without a restart.
  const { mode = "security", window } = settings?.updates ?? {};
  if (mode === "off") return { installs: undefined, restarts: false };
  if (window === undefined) return { installs: "daily", restarts: false };
  return { installs: nextWindow(window, settings?.time.zone ?? "UTC", now), restarts: true };
}

async function newestSettings(system: System): Promise<Status["settings"]> {
  const [newest] = await history(system).catch(() => []);
  if (newest === undefined) return undefined;
  const { number, time, origin } = newest;
  return { number, time, origin };
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
