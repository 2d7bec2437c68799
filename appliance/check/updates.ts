import { stat } from "node:fs/promises";
import type { System } from "../system/system.ts";
import { keep, readKept } from "./kept.ts";

/** Updates that are known and not installed. */
export interface PendingUpdates {
  total: number;
  security: number;
}

interface Kept extends PendingUpdates {
  /** What it was counted from. */
  stamp: string;
}

/** What `apt-get` reads: when neither changed, the answer has not either. */
const SOURCES = ["/var/lib/dpkg/status", "/var/lib/apt/lists"];

const TIMEOUT = 60_000;

/** What was counted last; undefined before the first count. Starts nothing. */
export async function readUpdates({ paths }: System): Promise<PendingUpdates | undefined> {
  const kept = keptFrom(await readKept(paths.pendingUpdates));
  return kept === undefined ? undefined : { total: kept.total, security: kept.security };
}

/** Counts again when packages or lists changed since. apt thinks for a second or more; no network is used. */
export async function refreshUpdates(system: System): Promise<void> {
  const { paths } = system;
  const stamp = await stampOf(system);
  if (keptFrom(await readKept(paths.pendingUpdates))?.stamp === stamp) return;
  const words = ["--simulate", "--with-new-pkgs", "--option=Debug::NoLocking=1", "upgrade"];
  const ran = await system.run("apt-get", words, { timeout: TIMEOUT }).catch(() => undefined);
  if (ran?.code === 0) await keep(system, paths.pendingUpdates, { ...updatesOf(ran.stdout), stamp });
}

/**
 * Counts what a simulated upgrade would replace:
 * `Inst libc6 [2.36-9] (2.36-9+deb12u1 Debian-Security:12/stable-security [amd64])`.
 * A line without a version in brackets is a package that is new.
 */
export function updatesOf(text: string): PendingUpdates {
  const replaced = text.split("\n").filter((line) => /^Inst \S+ \[\S+\] \(/.test(line));
  const security = replaced.filter((line) => /Debian-Security:|-security\b/.test(line));
  return { total: replaced.length, security: security.length };
}

async function stampOf({ paths }: System): Promise<string> {
  const times = SOURCES.map((path) =>
    stat(paths.at(path)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  return (await Promise.all(times)).join(" ");
}

function keptFrom(value: unknown): Kept | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("total" in value && "security" in value && "stamp" in value)) return undefined;
  const { total, security, stamp } = value;
  if (typeof total !== "number" || typeof security !== "number" || typeof stamp !== "string")
    return undefined;
  return { total, security, stamp };
}
