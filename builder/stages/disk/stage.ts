import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { espFiles } from "../../disk/esp.ts";
import { fstabText } from "../../disk/fstab.ts";
import { grubCfg } from "../../disk/grubcfg.ts";
import type { DiskIds } from "../../disk/ids.ts";
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
  const tree = join(context.work, "tree");
  await progress.step("unpack the tree", () => unpack(context.input(options.from, "root.tar"), tree, signal));
  try {
    await lay(tree, "/etc/fstab", fstabText(options.ids), context);
    await lay(tree, "/boot/grub/grub.cfg", grubCfg(options.ids, options.kernelArgs), context);
    await writeDisk({
      out: join(context.out, "disk.raw"),
      sizeGiB: options.sizeGiB,
      ids: options.ids,
      epoch: options.epoch,
      tree,
      esp: await espFiles(tree, options.base.efi, options.ids),
      bootImg: await readFile(join(tree, LIBRARY, "boot/boot.img")),
      coreImg: await readFile(join(tree, LIBRARY, "boot/core.img")),
      privileged: asRoot,
      progress,
      signal,
    });
  } finally {
    await asRoot("rm", ["-rf", "--one-file-system", "--", tree]);
  }
}

async function unpack(tar: string, tree: string, signal: AbortSignal): Promise<void> {
  await asRoot("mkdir", ["-p", tree], { signal });
  const args = ["--extract", "--preserve-permissions", "--numeric-owner", "--xattrs", "--xattrs-include=*"];
  await asRoot("tar", [...args, "--acls", "--file", tar, "--directory", tree], { signal });
}

/** Puts a file of ours into the tree, whose files belong to root. */
async function lay(tree: string, path: string, text: string, context: StageContext): Promise<void> {
  const staged = join(context.work, "staged");
  await writeFile(staged, text);
  const args = ["-D", "--mode=0644", "--owner=0", "--group=0", staged, join(tree, path)];
  await asRoot("install", args, { signal: context.signal });
}
