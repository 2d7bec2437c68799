import { join } from "node:path";
import { fingerprintPaths } from "../host/fingerprint.ts";
import type { BuildDescription, BuildHost } from "../pipeline/describe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { chooseBase } from "./choose-base.ts";
import { gatherFacts } from "./facts.ts";
import { hardeningArtifacts, hardeningStage } from "./hardening.ts";
import { artifactName, packageArtifacts } from "./package/names.ts";
import { packageStages } from "./package/stages.ts";
import { pendingUpdates } from "./pending/ask.ts";
import { INSTALLED, installedStage } from "./pending/stage.ts";
import { sbomArtifacts, sbomStage } from "./sbom.ts";
import { kernelArgs, treeStages } from "./tree.ts";

/**
 * Writes a build down as stages. Asks the archive which package versions it gives (remembered for half a
 * day), and nothing else of the network.
 *
 * @throws PosternError for a base, an overlay, an answers file or an archive that cannot be used.
 */
export async function describeBuild(recipe: Recipe, host: BuildHost): Promise<BuildDescription> {
  const { base, note } = await chooseBase(recipe, host.signal);
  const facts = await gatherFacts(recipe, base, host);
  const name = artifactName(recipe.version, base);
  return {
    base: base.id,
    ...(note === undefined ? {} : { baseNote: note }),
    stages: [
      ...(await treeStages(facts)),
      ...(await packageStages({
        ...{ recipe, base, seed: facts.seed, tools: facts.tools },
        kernelArgs: kernelArgs(facts.overlays),
      })),
      installedStage({
        "pending code": await fingerprintPaths("builder/stages/pending/stage.ts", "builder/tar"),
      }),
      hardeningStage(
        facts.overlays,
        { version: recipe.version, base: base.id, epoch: recipe.epoch },
        {
          "report code": await fingerprintPaths(
            ...["builder/evidence/hardening", "builder/evidence/style.css", "builder/stages/hardening.ts"],
          ),
        },
      ),
      await sbomStage({ name, version: recipe.version, base, epoch: recipe.epoch }),
    ],
    artifacts: [...packageArtifacts(recipe, base), ...hardeningArtifacts(name), ...sbomArtifacts(name)],
    packages: { stage: "base", file: "packages.tsv" },
    updates: {
      stage: INSTALLED.stage,
      ask: (folder) =>
        pendingUpdates(folder, {
          ...{ base, mirror: recipe.mirror, keyring: facts.keyring ?? base.keyring.path },
          ...{ facts: join(host.cache, "facts"), refresh: host.refresh, signal: host.signal },
        }),
    },
    resolved: facts.resolved,
    tools: { node: process.versions.node, ...facts.tools },
  };
}
