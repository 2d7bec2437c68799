import { realpath } from "node:fs/promises";
import type { System } from "../../system/system.ts";
import { until } from "../../system/until.ts";
import type { Judged } from "../inventory/choice.ts";
import type { Disk } from "../inventory/disk.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { takeInventory } from "../inventory/inventory.ts";
import { findInstalled, installedText } from "../marker.ts";
import type { InstallFile } from "./file.ts";
import type { Wishes } from "./gather.ts";
import { type Match, matchDisk, wishText } from "./match.ts";

/** What happens without a question. */
export type Decision =
  /** Nobody wishes it. */
  | { kind: "ask" }
  /** Somebody wishes it, but it is not clear: a person decides. */
  | { kind: "stop"; reasons: readonly string[] }
  | { kind: "go"; disk: Disk; afterwards: InstallFile["then"] };

/** Milliseconds that a disk which is named may take to show up. */
const LATE = 60_000;
const EVERY = 3000;

/**
 * Decides whether to install without asking. Anything that is wrong, missing, ambiguous or already there stops.
 *
 * @param late milliseconds that the disk may take to show up.
 */
export async function decide(
  system: System,
  wishes: Wishes,
  medium: string | undefined,
  late = LATE,
): Promise<Decision> {
  const { isWished, file, problems } = wishes;
  if (!isWished) return { kind: "ask" };
  if (file === undefined || problems.length > 0) return { kind: "stop", reasons: problems };
  const { match, inventory } = await until(
    () => look(system, file, medium),
    ({ match }) => match !== undefined,
    { timeout: late, every: EVERY },
  );
  const disks = inventory.disks.map(({ disk }) => disk);
  const installed = await findInstalled(system, disks);
  if (installed.length > 0) {
    return { kind: "stop", reasons: installed.map((one) => `${installedText(one)} is there already`) };
  }
  if (match === undefined) return { kind: "stop", reasons: [`no disk has ${wishText(file.disk)}`] };
  if ("problem" in match) return { kind: "stop", reasons: [match.problem] };
  const signatures = await signaturesOn(system, match.disk);
  if (file.requireEmpty && signatures.length > 0) {
    const reason = `the disk with ${wishText(file.disk)} is not empty: ${signatures.join(", ")}`;
    return { kind: "stop", reasons: [reason] };
  }
  return { kind: "go", disk: match.disk, afterwards: file.then };
}

/** The match, or undefined while no disk is the one that is meant. */
async function look(
  system: System,
  file: InstallFile,
  medium: string | undefined,
): Promise<{ match: Match | undefined; inventory: Inventory }> {
  const inventory = await takeInventory(system, medium);
  const wish = file.disk;
  const path = "path" in wish ? await realpath(wish.path).catch(() => wish.path) : undefined;
  const isThere = matchAny(file, inventory.disks, path);
  return { match: isThere ? matchDisk(file, inventory.disks, path) : undefined, inventory };
}

function matchAny(file: InstallFile, disks: readonly Judged[], path: string | undefined): boolean {
  const match = matchDisk(file, disks, path);
  return "disk" in match || match.problem !== `no disk has ${wishText(file.disk)}`;
}

/** What wipefs finds on the disk itself now: lsblk answers from what udev saw when the disk came. */
async function signaturesOn(system: System, disk: Disk): Promise<string[]> {
  const args = ["--no-act", "--noheadings", "--output", "TYPE", "--", disk.path];
  const { code, stdout, stderr } = await system.run("wipefs", args);
  if (code !== 0) return [`it cannot be read (${stderr.trim().slice(0, 100)})`];
  return [...new Set(stdout.split("\n").map((line) => line.trim()))].filter((type) => type !== "");
}
