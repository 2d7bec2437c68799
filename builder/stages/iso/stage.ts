import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fatSizeFor, writeFat } from "../../../appliance/disk/fat/write.ts";
import { derivedSerial, derivedUuid } from "../../../appliance/disk/ids.ts";
import { PosternError } from "../../error.ts";
import { cdLoaders } from "../../formats/iso/esp.ts";
import { isoMenu } from "../../formats/iso/menu.ts";
import { ISO_PATHS } from "../../formats/iso/paths.ts";
import { writeIso } from "../../formats/iso/write.ts";
import type { IsoFile } from "../../formats/iso/xorriso.ts";
import { run } from "../../host/run.ts";
import type { Stage, StageContext } from "../../pipeline/stage.ts";
import type { Base } from "../../recipe/base.ts";
import { LIBRARY } from "../base/command.ts";
import { FACTS_FILE, SQUASHFS_FILE, type TreeFacts } from "../squashfs/stage.ts";

export interface IsoStageOptions {
  base: Base;
  version: string;
  /** Ids on the medium derive from it. */
  seed: string;
  epoch: number;
  /** Kernel arguments of the installed system. */
  kernelArgs: readonly string[];
  inputs: Readonly<Record<string, string>>;
}

export const ISO_FILE = "disk.iso";

/** The parts of the tree that the medium starts with. */
const BOOT_FOLDERS = ["boot", "usr/lib/grub", "usr/lib/shim", LIBRARY.slice(1)] as const;
/** memtest86+ as its package names it on every base. */
const MEMTEST = {
  [ISO_PATHS.memtestBios]: "boot/memtest86+x64.bin",
  [ISO_PATHS.memtestEfi]: "boot/memtest86+x64.efi",
} as const;

/** Makes the installation medium of the sealed tree: the tree itself, and what it takes to start it from a CD. */
export function isoStage(options: IsoStageOptions): Stage {
  return {
    id: "iso",
    title: "ISO for physical servers",
    needs: ["seal", "squashfs"],
    inputs: {
      ...options.inputs,
      version: options.version,
      seed: options.seed,
      epoch: String(options.epoch),
      "kernel arguments": options.kernelArgs.join(" "),
    },
    outputs: [ISO_FILE],
    run: (context) => makeIso(options, context),
  };
}

async function makeIso(options: IsoStageOptions, context: StageContext): Promise<void> {
  const { base, version, seed, epoch } = options;
  const { work, signal, progress } = context;
  const tree = join(work, "tree");
  await progress.step("take the boot loaders and the kernel out of the tree", () =>
    takeOut(context.input("seal", "root.tar"), tree, signal),
  );
  const parts = join(work, "parts");
  const lay = async (path: string, bytes: string | Uint8Array): Promise<IsoFile> => {
    const source = join(parts, path);
    await mkdir(dirname(source), { recursive: true });
    await writeFile(source, bytes);
    return { path, source };
  };
  const { size, sha256, unpacked } = await readFacts(context.input("squashfs", FACTS_FILE));
  const id = derivedUuid(`${seed} ${sha256}`, "iso medium").replaceAll("-", "");
  const kernel = join(tree, await onlyOne(join(tree, "boot"), "vmlinuz-"));
  const initrd = join(tree, await onlyOne(join(tree, "boot"), "initrd.img-"));
  const menu = isoMenu({
    ...{ version, id, sha256, kernelArguments: options.kernelArgs },
    initrdSize: (await stat(initrd)).size,
  });
  const loaders = await cdLoaders(tree, base.efi);
  const esp = join(work, "esp.img");
  await writeFat(esp, loaders, {
    size: fatSizeFor(loaders),
    label: "POSTERN_EFI",
    serial: derivedSerial(seed, "iso esp"),
    epoch,
  });
  const files = [
    await lay(ISO_PATHS.info, `Postern ${version} ${base.id} amd64\n`),
    await lay(ISO_PATHS.menu, menu),
    ...(await Promise.all(loaders.map(({ path, bytes }) => lay(path, bytes)))),
    ...Object.entries(MEMTEST).map(([path, file]) => ({ path, source: join(tree, file) })),
    { path: ISO_PATHS.kernel, source: kernel },
    { path: ISO_PATHS.initrd, source: initrd },
    { path: ISO_PATHS.squashfs, source: context.input("squashfs", SQUASHFS_FILE) },
  ];
  const mbr = await readFile(join(tree, LIBRARY, "boot/boot_hybrid.img"));
  const eltorito = await readFile(join(tree, LIBRARY, "boot/eltorito.img"));
  const facts = { size, sha256, unpacked, version, base: base.id, epoch, id };
  const out = join(context.out, ISO_FILE);
  await progress.step("write the medium", () =>
    writeIso({ out, work: join(work, "iso"), files, facts, esp, mbr, eltorito, signal }),
  );
}

async function takeOut(tar: string, tree: string, signal: AbortSignal): Promise<void> {
  await mkdir(tree);
  const folders = BOOT_FOLDERS.map((folder) => `./${folder}`);
  const args = ["--extract", "--no-same-owner", "--file", tar, "--directory", tree, ...folders];
  await run("tar", args, { signal, code: "artifact.iso" });
}

/** The one file of a folder whose name begins so, below the tree's `boot`. @throws PosternError `artifact.iso`. */
async function onlyOne(folder: string, prefix: string): Promise<string> {
  const found = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  const [name] = found;
  if (name !== undefined && found.length === 1) return join("boot", name);
  throw new PosternError({
    code: "artifact.iso",
    message: `the tree has ${found.length} files /boot/${prefix}*; the medium takes exactly one`,
    hint: "A base must install one kernel.",
  });
}

async function readFacts(file: string): Promise<TreeFacts> {
  const value: unknown = JSON.parse(await readFile(file, "utf8"));
  if (isTreeFacts(value)) return value;
  throw new PosternError({
    code: "artifact.squashfs",
    message: `${file} does not say what the squashfs is`,
    hint: "./postern clean --all, and build again.",
  });
}

function isTreeFacts(value: unknown): value is TreeFacts {
  return (
    typeof value === "object" &&
    value !== null &&
    "size" in value &&
    typeof value.size === "number" &&
    "sha256" in value &&
    typeof value.sha256 === "string" &&
    "unpacked" in value &&
    typeof value.unpacked === "number"
  );
}
