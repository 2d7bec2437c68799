import { mkdir, open, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { fileSource } from "../../../../appliance/disk/bytes.ts";
import { parsePackageUrl } from "../../../../builder/evidence/sbom/purl.ts";
import { ISO_PATHS } from "../../../../builder/formats/iso/paths.ts";
import { readVolume } from "../../../../builder/formats/iso/read/volume.ts";
import { run } from "../../../../builder/host/run.ts";
import { withFolder } from "../../disk/kit.ts";
import { sbomsIn, treeIn } from "./imagekit.ts";
import { askSyft, makeSyft, type SyftPackage, type SyftResult, syftOrReason } from "./syft.ts";

/**
 * The SBOMs beside what syft, a scanner by other people, finds in the tree by itself, and what it makes of our files.
 * `POSTERN_DIST` names a folder with the SBOMs and the ISO of a build; else a small tree is made.
 */
const found = await syftOrReason(process.env);
if ("reason" in found) console.log(`skipped, ${found.reason}: the SBOMs beside what syft finds`);
const serial = "reason" in found ? test.skip : test.serial;
const program = (): Promise<string> => {
  if ("reason" in found) throw new Error(found.reason);
  return makeSyft(found.go);
};

interface Subject {
  tree: string;
  spdx: string;
  cyclonedx: string;
}

/** Enough of a tree for dpkg's list and what is not of it. */
const PARTS = ["etc/os-release", "usr/lib/os-release", "usr/lib/postern", "usr/share/doc", "var/lib/dpkg"];

async function subjectIn(folder: string): Promise<Subject> {
  const dist = process.env.POSTERN_DIST;
  if (dist === undefined) {
    const tree = await treeIn(folder);
    await mkdir(join(tree, "etc"));
    await writeFile(join(tree, "etc/os-release"), 'ID=debian\nVERSION_ID="13"\n');
    return { tree, ...(await sbomsIn(folder)) };
  }
  const names = await readdir(dist);
  const [iso, spdx, cyclonedx] = [".iso", ".spdx.json", ".cdx.json"].map((ending) => {
    const name = names.find((one) => one.endsWith(ending));
    if (name === undefined) throw new Error(`${dist} has no ${ending}`);
    return join(dist, name);
  });
  const tree = join(folder, "tree");
  const file = await open(iso ?? "");
  const squashfs = (await readVolume(await fileSource(file))).files.get(ISO_PATHS.squashfs);
  await file.close();
  const from = ["-offset", String(squashfs?.offset), "-dest", tree, iso ?? ""];
  await run("unsquashfs", ["-quiet", "-no-progress", "-no-xattrs", ...from, ...PARTS]);
  return { tree, spdx: spdx ?? "", cyclonedx: cyclonedx ?? "" };
}

/** Distribution packages by what both must agree in. Our own package has no distribution for a namespace. */
function packagesOf({ artifacts }: SyftResult): string[] {
  return artifacts
    .filter(({ type }) => type === "deb")
    .map((one: SyftPackage) => {
      const { qualifiers = {} } = parsePackageUrl(one.purl.replaceAll("%3A", ":")) ?? {};
      return [one.name, one.version, ...["arch", "distro", "upstream"].map((key) => qualifiers[key])].join(
        " ",
      );
    })
    .sort();
}

serial(
  "syft finds the same packages in the tree as it reads from both SBOMs, and the same Node",
  async (t) => {
    t.timeout(3_600_000);
    const syft = await program();
    await withFolder(async (folder) => {
      const { tree, spdx, cyclonedx } = await subjectIn(folder);
      const scanned = await askSyft(syft, "scan", `dir:${tree}`);
      const packages = packagesOf(scanned);
      t.log(`${packages.length} packages`);
      t.true(packages.length > 0);
      const node = (all: SyftResult): string | undefined =>
        all.artifacts.find(({ name, type }) => name === "node" && type !== "deb")?.version;
      for (const file of [spdx, cyclonedx]) {
        const read = await askSyft(syft, "convert", file);
        t.deepEqual(packagesOf(read), packages);
        t.like(read.distro, { id: "debian", versionID: "13" });
        // Of the small tree it is no program that syft could know.
        if (process.env.POSTERN_DIST !== undefined) t.is(node(read), node(scanned));
      }
    });
  },
);
