import { chmod, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fstab } from "../../disk/fstab.ts";
import { grubCfg } from "../../disk/grubcfg.ts";
import { BAKED_SETTINGS } from "../../paths.ts";
import { writeAtomic } from "../../system/files.ts";
import { INSTALL_LOG } from "../log.ts";
import type { Job } from "./job.ts";

/** A file of the new machine's own. */
export interface OwnFile {
  /** Absolute, on the installed machine. */
  path: string;
  mode: number;
  text: string;
}

/** The same title as an image's menu has. */
const TITLE = "Postern";

/** What differs from the tree: ids of this disk, and settings that came with the medium. */
export function ownFiles({ ids, facts, settings }: Pick<Job, "ids" | "facts" | "settings">): OwnFile[] {
  const menu = { title: TITLE, rootUuid: ids.rootUuid, kernelArguments: facts.kernelArguments };
  return [
    { path: "/etc/fstab", mode: 0o644, text: fstab(ids) },
    { path: "/boot/grub/grub.cfg", mode: 0o600, text: grubCfg(menu) },
    // Where an image has those of its recipe: the first start takes them in, or asks about what is wrong.
    ...(settings === undefined ? [] : [{ path: BAKED_SETTINGS, mode: 0o600, text: settings.text }]),
  ];
}

/** Lays them, and a copy of the log. */
export async function layTexts(job: Job): Promise<void> {
  const { target, system, log } = job;
  for (const { path, mode, text } of ownFiles(job)) {
    await writeAtomic(join(target, path), text, { mode, uid: 0, gid: 0 });
    log(`wrote ${path}`);
  }
  const kept = join(target, "var/log", `postern-${INSTALL_LOG}`);
  await copyFile(join(system.paths.live, INSTALL_LOG), kept);
  await chmod(kept, 0o600);
}
