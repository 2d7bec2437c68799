import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { espFiles } from "../../../appliance/disk/esp.ts";
import { fstab } from "../../../appliance/disk/fstab.ts";
import { grubCfg } from "../../../appliance/disk/grubcfg.ts";
import type { DiskIds } from "../../../appliance/disk/ids.ts";
import { writeDisk } from "../../disk/image.ts";
import { asRoot } from "../../host/privilege.ts";
import type { Stage, StageContext } from "../../pipeline/stage.ts";
import type { Base } from "../../recipe/base.ts";
import { LIBRARY } from "../base/command.ts";

export interface DiskStageOptions {
  id: "build-disk" | "disk";
  title: string;
  /** The stage whose `root.tar` becomes the disk. */
  from: "base" | "seal";
  base: Base;
  sizeGiB: number;
  ids: DiskIds;
  kernelArgs: readonly string[];
  epoch: number;
  inputs: Readonly<Record<string, string>>;
}

/** What fstab and systemd mount over; a tree from a tar may lack them. */
const MOUNT_POINTS = ["boot/efi", "dev", "proc", "run", "sys", "tmp", "var/log"] as const;

/** Makes a bootable disk of a root tree; the same code for the disk that Packer boots and the one that ships. */
export function diskStage(options: DiskStageOptions): Stage {
  return {
    id: options.id,
    title: options.title,
    needs: [options.from],
    inputs: { ...options.inputs, "kernel arguments": options.kernelArgs.join(" ") },
    outputs: ["disk.raw"],
    run: (context) => makeDisk(options, context),
  };
}

async function makeDisk(options: DiskStageOptions, context: StageContext): Promise<void> {
  const { signal, progress } = context;
  const { ids } = options;
  const tree = join(context.work, "tree");
  await progress.step("unpack the tree", () => unpack(context.input(options.from, "root.tar"), tree, signal));
  try {
    await asRoot("mkdir", ["-p", ...MOUNT_POINTS.map((path) => join(tree, path))], { signal });
    await lay(tree, { path: "/etc/fstab", text: fstab(ids), mode: "0644" }, context);
    const menu = { title: "Postern", rootUuid: ids.rootUuid, kernelArguments: options.kernelArgs };
    await lay(tree, { path: "/boot/grub/grub.cfg", text: grubCfg(menu), mode: "0600" }, context);
    const logTree = join(context.work, "log");
    await asRoot("mv", [join(tree, "var/log"), logTree], { signal });
    await asRoot("mkdir", ["-m", "0755", join(tree, "var/log")], { signal });
    await writeDisk({
      out: join(context.out, "disk.raw"),
      sizeGiB: options.sizeGiB,
      ids,
      epoch: options.epoch,
      tree,
      logTree,
      esp: await espFiles({ tree, efi: options.base.efi, rootUuid: ids.rootUuid }),
      bootImg: await readFile(join(tree, LIBRARY, "boot/boot.img")),
      coreImg: await readFile(join(tree, LIBRARY, "boot/core.img")),
      asRoot,
      progress,
      signal,
    });
  } finally {
    await asRoot("rm", ["-rf", "--one-file-system", "--", tree, join(context.work, "log")]);
  }
}

async function unpack(tar: string, tree: string, signal: AbortSignal): Promise<void> {
  await asRoot("mkdir", ["-p", tree], { signal });
  const args = ["--extract", "--preserve-permissions", "--numeric-owner", "--xattrs", "--xattrs-include=*"];
  await asRoot("tar", [...args, "--acls", "--file", tar, "--directory", tree], { signal });
}

/** Puts a file of ours into the tree, whose files belong to root. */
async function lay(
  tree: string,
  { path, text, mode }: { path: string; text: string; mode: string },
  context: StageContext,
): Promise<void> {
  const staged = join(context.work, "staged");
  await writeFile(staged, text);
  const args = ["-D", `--mode=${mode}`, "--owner=0", "--group=0", staged, join(tree, path)];
  await asRoot("install", args, { signal: context.signal });
}
