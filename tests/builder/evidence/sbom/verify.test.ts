import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { recordText } from "../../../../builder/evidence/record.ts";
import { sbomChecks } from "../../../../builder/evidence/sbom/verify.ts";
import { verifyPath } from "../../../../builder/evidence/verify.ts";
import { type Check, problemsOf } from "../../../../builder/formats/check.ts";
import { findProbe } from "../../../../builder/host/packages.ts";
import { quiet, withFolder } from "../../disk/kit.ts";
import { changeFile, isoIn, sbomsIn, treeIn, vhdIn } from "./imagekit.ts";
import { LISTED, NAME, STATUS } from "./kit.ts";

const { signal } = new AbortController();

function checks(folder: string, path: string, others: readonly string[], whole = false): Promise<Check[]> {
  const name = basename(path);
  return sbomChecks({ folder, name, names: [name, ...others.map((one) => basename(one))], whole, signal });
}

function madeOf(all: readonly Check[]): string[] {
  return all.filter(({ leftOut }) => leftOut === undefined).map(({ name }) => name);
}

test("a disk that holds what both SBOMs say", async (t) => {
  await withFolder(async (folder) => {
    const { spdx, cyclonedx } = await sbomsIn(folder);
    const vhd = await vhdIn(folder, await treeIn(folder));
    for (const path of [spdx, cyclonedx]) {
      const all = await checks(folder, path, [vhd]);
      t.deepEqual(problemsOf(all), []);
      t.true(madeOf(all).includes(`packages and files in the disk of ${NAME}.vhd`));
    }
  });
});

test("a disk with another version, one package more, one less, and another console: each is told", async (t) => {
  await withFolder(async (folder) => {
    const { spdx } = await sbomsIn(folder);
    const status = STATUS.replace("2.41-12", "2.41-13").replace("Package: auditd", "Package: curl");
    const tree = await treeIn(folder, status);
    await writeFile(join(tree, "usr/lib/postern/posternctl.mjs"), "another");
    await rm(join(tree, "usr/lib/postern/node"));
    const vhd = await vhdIn(folder, tree);
    const title = `packages and files in the disk of ${NAME}.vhd`;
    t.deepEqual(problemsOf(await checks(folder, spdx, [vhd])), [
      `${title}: auditd 1:4.0.2-2+deb13u1 is only in the SBOM`,
      `${title}: curl 1:4.0.2-2+deb13u1 is not in the SBOM`,
      `${title}: libc6 is 2.41-13, and 2.41-12 in the SBOM`,
      `${title}: /usr/lib/postern/posternctl.mjs has another SHA-256 in the image`,
      `${title}: /usr/lib/postern/node is not in the image`,
    ]);
  });
});

test("a disk without a tree is a fault, and no image at all is said", async (t) => {
  await withFolder(async (folder) => {
    const { spdx } = await sbomsIn(folder);
    await writeFile(join(folder, `${NAME}.vhd`), Buffer.alloc(1024));
    t.is(problemsOf(await checks(folder, spdx, [`${NAME}.vhd`])).length, 1);
    const left = (await checks(folder, spdx, ["postern-9-debian-13-amd64.vhd"])).filter((one) => one.leftOut);
    t.deepEqual(
      left.map(({ name }) => name),
      ["the record of its packages", "an image of its build"],
    );
  });
});

test("the installation medium, by unsquashfs", async (t) => {
  if (await isMissing(t, "unsquashfs", "mksquashfs", "xorriso")) return;
  await withFolder(async (folder) => {
    const { spdx } = await sbomsIn(folder);
    const iso = await isoIn(folder, await treeIn(folder));
    const title = `packages and files in ${NAME}.iso, by unsquashfs`;
    const good = await checks(folder, spdx, [iso]);
    t.deepEqual(problemsOf(good), []);
    t.true(madeOf(good).includes(title));
    await changeFile(spdx, "2.41-12", "2.41-11");
    t.deepEqual(problemsOf(await checks(folder, spdx, [iso])), [
      `${title}: libc6 is 2.41-12, and 2.41-11 in the SBOM`,
    ]);
  });
});

test("of two formats one is held against the images, and the other against that one", async (t) => {
  await withFolder(async (folder) => {
    const { spdx, cyclonedx } = await sbomsIn(folder);
    const title = `packages and files as in ${NAME}.spdx.json, which is held against the images`;
    const good = await checks(folder, cyclonedx, [spdx], true);
    t.deepEqual(problemsOf(good), []);
    t.true(madeOf(good).includes(title));
    await changeFile(cyclonedx, "c".repeat(64), "b".repeat(64));
    await changeFile(cyclonedx, "usr/lib/postern/node", "usr/lib/postern/nod");
    t.deepEqual(problemsOf(await checks(folder, cyclonedx, [spdx], true)), [
      `${title}: libc6 has another SHA-256 in ${NAME}.spdx.json`,
      `${title}: /usr/lib/postern/nod is not in ${NAME}.spdx.json`,
    ]);
  });
});

test("a folder: an SBOM that was changed, one of other packages than the record, and one that is gone", async (t) => {
  await withFolder(async (folder) => {
    const { spdx, cyclonedx } = await sbomsIn(folder);
    const record = join(folder, `${NAME}.build.json`);
    await writeFile(record, await recordOf([spdx, cyclonedx]));
    t.deepEqual(await problemsIn(folder), []);
    await changeFile(record, '"version": "2.41-12"', '"version": "2.41-13"');
    const title = `the version, packages and hashes in ${NAME}.build.json`;
    t.deepEqual(await problemsIn(folder), [
      [`${NAME}.spdx.json`, `${title}: libc6 is 2.41-12, and 2.41-13 in the record`],
    ]);
    await changeFile(record, '"version": "2.41-13"', '"version": "2.41-12"');
    await changeFile(spdx, '"summary": "GNU C Library"', '"summary": "changed"');
    await rm(cyclonedx);
    t.deepEqual(await problemsIn(folder), [
      [`${NAME}.build.json`, `record: every file that it names is there: ${NAME}.cdx.json is not`],
      [`${NAME}.cdx.json`, "there: it is not there"],
      [`${NAME}.spdx.json`, "the record of its build: its SHA-256 is not the one in the record of its build"],
    ]);
  });
});

async function problemsIn(folder: string): Promise<[string, string][]> {
  const verdicts = await verifyPath(folder, signal, quiet);
  if (verdicts.length === 0) throw new Error("nothing was looked at");
  return verdicts.flatMap(({ file, problems }) => problems.map((one): [string, string] => [file, one]));
}

async function recordOf(paths: readonly string[]): Promise<string> {
  const artifacts = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(path);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return { file: basename(path), size: bytes.length, sha256 };
    }),
  );
  return recordText({
    ...{ format: 2, version: "1.2.3", base: "debian-13", epoch: 0, artifacts, stages: [], tools: {} },
    packages: LISTED,
    recipe: {
      ...{ base: "debian-13", formats: [], disk: { size: 8 }, vm: { cpus: 2, memory: 2048 }, hardware: [] },
      ...{ ova: {}, admin: { sshKeys: [] }, catalogueKeys: [], packages: [], overlays: [] },
      ...{ version: "1.2.3", epoch: 0, signed: false },
    },
  });
}

async function isMissing(t: ExecutionContext, ...programs: readonly string[]): Promise<boolean> {
  for (const program of programs) {
    if ((await findProbe(program)) !== undefined) continue;
    t.log(`skipped: no ${program} on this host`);
    t.pass();
    return true;
  }
  return false;
}
