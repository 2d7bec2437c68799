import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { readSbom } from "../../../builder/evidence/sbom/read.ts";
import { run } from "../../../builder/host/run.ts";
import type { Stage } from "../../../builder/pipeline/stage.ts";
import { loadBase } from "../../../builder/recipe/base.ts";
import { bundleConsole } from "../../../builder/stages/console/stage.ts";
import { sbomArtifacts, sbomStage } from "../../../builder/stages/sbom.ts";
import { EPOCH, quiet, withFolder } from "../disk/kit.ts";
import { treeIn } from "../evidence/sbom/imagekit.ts";
import { cyclonedxFaults, FILES, LISTED, NAME, spdxFaults } from "../evidence/sbom/kit.ts";

const IMAGE = { name: NAME, version: "1.2.3", epoch: EPOCH };

async function stageOf(): Promise<Stage> {
  return sbomStage({ ...IMAGE, base: await loadBase("debian-13") });
}

/** What the stages before leave: the real console, a small tree, and the base's list. */
async function inputsIn(folder: string): Promise<void> {
  for (const name of ["seal", "base", "console", "out"]) await mkdir(join(folder, name));
  const bundle = join(folder, "console", "posternctl.mjs");
  const modules = await bundleConsole(bundle);
  await writeFile(join(folder, "console", "modules.json"), JSON.stringify(modules));
  const tree = await treeIn(folder);
  await copyFile(bundle, join(tree, FILES.console));
  await run("tar", ["--create", "--file", join(folder, "seal", "root.tar"), "--directory", tree, "."]);
  const rows = LISTED.map(({ name, version, sha256 = "" }) =>
    [name, version, "amd64", name, version, sha256].join("\t"),
  );
  await writeFile(join(folder, "base", "packages.tsv"), `${rows.join("\n")}\n`);
}

async function runIn(folder: string): Promise<void> {
  const stage = await stageOf();
  await stage.run({
    ...{ out: join(folder, "out"), work: folder, progress: quiet, jobs: 1, debug: false },
    input: (from, file) => join(folder, from, file),
    signal: new AbortController().signal,
  });
}

test("both SBOMs of a tree, valid, with the real console, the Node that runs this, and the catalogue", async (t) => {
  await withFolder(async (folder) => {
    await inputsIn(folder);
    await runIn(folder);
    const [spdx, cyclonedx] = await Promise.all(
      ["spdx.json", "cdx.json"].map((file) => readFile(join(folder, "out", file), "utf8")),
    );
    t.deepEqual(await spdxFaults(JSON.parse(spdx ?? "")), []);
    t.deepEqual(await cyclonedxFaults(JSON.parse(cyclonedx ?? "")), []);
    const [one, other] = [readSbom(spdx ?? "", "SPDX", ""), readSbom(cyclonedx ?? "", "CycloneDX", "")];
    t.deepEqual(one, other);
    t.deepEqual(one.packages, LISTED);
    for (const text of [
      '"pkg:npm/joi@',
      `"pkg:generic/openssl@${process.versions.openssl}"`,
      '"name": "postern-catalogue"',
      `cpe:2.3:a:nodejs:node.js:${process.versions.node}:`,
    ]) {
      t.true(spdx?.includes(text), text);
      t.true(cyclonedx?.includes(text), text);
    }
    // No time and no path of this host.
    t.false(spdx?.includes(folder));
    t.true(spdx?.includes('"created": "2026-01-01T00:00:00Z"'));
  });
});

test("a tree that is not what the build put together gets no SBOM", async (t) => {
  await withFolder(async (folder) => {
    await inputsIn(folder);
    const list = join(folder, "base", "packages.tsv");
    const text = await readFile(list, "utf8");
    await writeFile(list, text.replace("2.41-12", "2.41-13"));
    const packages = await t.throwsAsync(runIn(folder), { code: "artifact.sbom" });
    t.regex(packages?.message ?? "", /libc6 is 2\.41-12, and 2\.41-13 in the base/);
    await writeFile(list, text);
    await writeFile(join(folder, "console", "posternctl.mjs"), "another");
    await t.throwsAsync(runIn(folder), { code: "artifact.sbom", message: /another console/ });
    const modules = join(folder, "console", "modules.json");
    await bundleConsole(join(folder, "console", "posternctl.mjs"));
    await writeFile(modules, '["node_modules/never-heard-of"]');
    await t.throwsAsync(runIn(folder), { code: "artifact.sbom", message: /never-heard-of/ });
  });
});

test("the stage reads the sealed tree, and its files are named after the images", async (t) => {
  const { needs, outputs, inputs } = await stageOf();
  t.deepEqual(needs, ["base", "console", "seal"]);
  t.deepEqual(
    sbomArtifacts(NAME).map(({ file, name }) => [file, name]),
    outputs.map((file) => [file, `${NAME}.${file}`]),
  );
  t.is(inputs.node, process.versions.node);
});
