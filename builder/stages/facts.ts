import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DiskIds, diskIds } from "../../appliance/disk/ids.ts";
import { detectAccelerator } from "../host/accelerator.ts";
import { type OtherArchive, requireArchive } from "../host/archive.ts";
import { fingerprintText } from "../host/fingerprint.ts";
import { requireTreeRoot } from "../host/namespaces.ts";
import { type Tool, toolVersions } from "../host/versions.ts";
import { type LaidFile, type LoadedOverlay, loadOverlay, overlayData } from "../overlays/load.ts";
import { packagesOf } from "../overlays/overlay.ts";
import type { BuildHost } from "../pipeline/describe.ts";
import type { Base } from "../recipe/base.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { bakedFiles } from "./baked.ts";
import { findKeyring } from "./base/keyring.ts";
import type { InstalledPackage } from "./base/packages.ts";
import { resolvePackages } from "./base/resolve.ts";

const OVERLAYS = fileURLToPath(new URL("../../overlays/", import.meta.url));
/** In the order they are laid. */
const OWN_OVERLAYS = [
  ...["kernel", "accounts", "ssh", "logs", "updates", "integrity"],
  ...["proxy", "firewall", "tuning", "platform", "console", "installer"],
] as const;

/** Facts that were asked, so that the stages can be written down. */
export interface Facts {
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
 * Asks the host, the overlays and the archive for what the stages are written down from.
 *
 * @throws PosternError for an overlay, an answers file or an archive that cannot be used.
 */
export async function gatherFacts(recipe: Recipe, base: Base, host: BuildHost): Promise<Facts> {
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
