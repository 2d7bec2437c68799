import { createHash } from "node:crypto";
import { mkdir, open, readFile, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeExactly } from "../../../../appliance/disk/bytes.ts";
import { gptBytes } from "../../../../appliance/disk/gpt.ts";
import { derivedUuid } from "../../../../appliance/disk/ids.ts";
import { MIB, PARTITION_NAME, PARTITION_TYPE } from "../../../../appliance/disk/layout.ts";
import { makeExt4 } from "../../../../builder/disk/ext4/make.ts";
import { cyclonedxText } from "../../../../builder/evidence/sbom/cyclonedx.ts";
import { spdxText } from "../../../../builder/evidence/sbom/spdx.ts";
import { ISO_PATHS } from "../../../../builder/formats/iso/paths.ts";
import { run } from "../../../../builder/host/run.ts";
import { squashfsArgs } from "../../../../builder/stages/squashfs/stage.ts";
import { EPOCH } from "../../disk/kit.ts";
import { artifactIn } from "../../formats/artifacts.ts";
import { FILES, NAME, STATUS, sampleSbom } from "./kit.ts";

const PLACE = { offset: MIB, size: 160 * MIB };
const DISK = PLACE.offset + PLACE.size + MIB;
const SECTOR = 512;
const CONTENT = { [FILES.console]: "console", [FILES.node]: "node".repeat(100_000) };

/** A tree with what an SBOM is held against. @returns its folder. */
export async function treeIn(folder: string, status = STATUS): Promise<string> {
  const tree = join(folder, "tree");
  for (const [path, text] of Object.entries({ ...CONTENT, "var/lib/dpkg/status": status })) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
  return tree;
}

/** Both SBOMs of such a tree in a folder. */
export async function sbomsIn(folder: string): Promise<{ spdx: string; cyclonedx: string }> {
  const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
  const sbom = sampleSbom({ console: digest(CONTENT[FILES.console]), node: digest(CONTENT[FILES.node]) });
  const paths = { spdx: join(folder, `${NAME}.spdx.json`), cyclonedx: join(folder, `${NAME}.cdx.json`) };
  await writeFile(paths.spdx, spdxText(sbom));
  await writeFile(paths.cyclonedx, cyclonedxText(sbom));
  return paths;
}

/** A VHD whose disk holds the tree, made by the build's own writers. */
export async function vhdIn(folder: string, tree: string): Promise<string> {
  const raw = join(folder, "disk.raw");
  await writeFile(raw, "");
  await truncate(raw, DISK);
  const id = (purpose: string): string => derivedUuid("sbom test", purpose);
  const first = PLACE.offset / SECTOR;
  const root = { type: PARTITION_TYPE.root, id: id("root"), name: PARTITION_NAME.root };
  const partitions = [{ ...root, first, last: first + PLACE.size / SECTOR - 1 }];
  const table = gptBytes({ disk: id("disk"), sectorSize: SECTOR, sectors: DISK / SECTOR, partitions });
  const file = await open(raw, "r+");
  await writeExactly(file, 0, table.start);
  await writeExactly(file, table.endOffset, table.end);
  await file.close();
  await makeExt4({
    ...{ image: raw, place: PLACE, label: "root", uuid: id("uuid"), hashSeed: id("seed"), tree },
    ...{ bytesPerInode: 65536, reserved: 1, epoch: EPOCH, asRoot: run },
  });
  return artifactIn(folder, raw, "vhd", undefined, NAME);
}

/** A file that is a medium as far as the tree on it goes, by the tools of the build. */
export async function isoIn(folder: string, tree: string): Promise<string> {
  const tar = join(folder, "tree.tar");
  await run("tar", ["--create", "--file", tar, "--directory", tree, "."]);
  const medium = join(folder, "medium");
  const squashfs = join(medium, ISO_PATHS.squashfs);
  await mkdir(dirname(squashfs), { recursive: true });
  await run("mksquashfs", squashfsArgs(squashfs, 1), { input: (await open(tar)).createReadStream() });
  await mkdir(join(medium, "boot"), { recursive: true });
  await writeFile(join(medium, "boot/loader.img"), Buffer.alloc(4096));
  const iso = join(folder, `${NAME}.iso`);
  const boot = ["-b", "boot/loader.img", "-no-emul-boot", "-boot-load-size", "4"];
  await run("xorriso", ["-as", "mkisofs", "-quiet", "-R", "-J", ...boot, "-o", iso, medium]);
  return iso;
}

/** Changes a text file; fails where there is nothing to change. */
export async function changeFile(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, "utf8");
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  await writeFile(path, text.replaceAll(from, to));
}
