import { chmod, copyFile, cp, mkdir, open, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { writeExactly, writeExtents } from "../../../appliance/disk/bytes.ts";
import { fatExtents } from "../../../appliance/disk/fat/write.ts";
import { gptBytes } from "../../../appliance/disk/gpt.ts";
import { diskIds } from "../../../appliance/disk/ids.ts";
import { MIB } from "../../../appliance/disk/layout.ts";
import { settleInodes } from "../../../builder/disk/ext4/inodes.ts";
import { makeExt4 } from "../../../builder/disk/ext4/make.ts";
import { openMedium } from "../../../builder/formats/iso/read/open.ts";
import { portableMachine } from "../../../builder/formats/ova/machine.ts";
import { writeOva } from "../../../builder/formats/ova/write.ts";
import { writeVmdk } from "../../../builder/formats/vmdk/write.ts";
import { run } from "../../../builder/host/run.ts";
import { DISK_FORMATS, type Format } from "../../../builder/recipe/recipe.ts";
import { compareArtifacts } from "../../../builder/reproduce/artifact.ts";
import { scratch } from "../../kit/scratch.ts";
import { EPOCH, memorySource } from "../disk/kit.ts";
import { artifactIn } from "../formats/artifacts.ts";
import { sampleIso } from "../formats/iso/kit.ts";
import { optionsFor } from "../formats/kit.ts";

const { signal } = new AbortController();
const ids = diskIds("reproduce test");
const SIZE = 400 * MIB;
/** The appliance's partitions, as small as they may be. */
const PARTITIONS = [
  { type: ids.esp, id: ids.biosBoot, name: "bios-boot", first: 2048, last: 4095 },
  { type: ids.esp, id: ids.esp, name: "esp", first: 4096, last: 72 * 2048 - 1 },
  { type: ids.esp, id: ids.root, name: "postern-root", first: 72 * 2048, last: 232 * 2048 - 1 },
  { type: ids.esp, id: ids.log, name: "postern-log", first: 232 * 2048, last: 392 * 2048 - 1 },
];

/** A disk of a small tree, with what a test changes in the tree or on the ESP. */
async function makeRaw(
  folder: string,
  name: string,
  change: (tree: string) => Promise<unknown> = async () => {},
  shim = "shim",
): Promise<string> {
  const tree = join(folder, `${name}-tree`);
  await mkdir(join(tree, "etc"), { recursive: true });
  await mkdir(join(tree, "var/log/squid"), { recursive: true });
  for (const file of ["etc/a", "etc/b", "var/log/squid/access.log"]) {
    await writeFile(join(tree, file), `this is ${file}\n`);
    await chmod(join(tree, file), 0o644);
  }
  await change(tree);
  await rename(join(tree, "var/log"), join(folder, `${name}-log`));
  await mkdir(join(tree, "var/log"));
  await run("find", [tree, "-newermt", `@${EPOCH}`, "-exec", "touch", "-h", `--date=@${EPOCH}`, "{}", "+"]);
  const raw = join(folder, `${name}.raw`);
  const file = await open(raw, "wx+");
  try {
    await file.truncate(SIZE);
    const table = gptBytes({ disk: ids.disk, sectorSize: 512, sectors: SIZE / 512, partitions: PARTITIONS });
    await writeExactly(file, 0, table.start);
    await writeExactly(file, table.endOffset, table.end);
    const esp = [{ path: "EFI/BOOT/BOOTX64.EFI", bytes: Buffer.from(shim) }];
    const fat = { size: 70 * MIB, label: "ESP", serial: 1, epoch: EPOCH, type: 32 } as const;
    await writeExtents(file, fatExtents(esp, fat), 2 * MIB);
  } finally {
    await file.close();
  }
  const system = { image: raw, bytesPerInode: 65536, reserved: 1, epoch: EPOCH, asRoot: run } as const;
  const [root, log] = [
    { offset: 72 * MIB, size: 160 * MIB },
    { offset: 232 * MIB, size: 160 * MIB },
  ];
  const { rootUuid, rootHashSeed, logUuid, logHashSeed } = ids;
  await makeExt4({ ...system, place: root, label: "root", uuid: rootUuid, hashSeed: rootHashSeed, tree });
  const logTree = join(folder, `${name}-log`);
  await makeExt4({
    ...system,
    place: log,
    label: "log",
    uuid: logUuid,
    hashSeed: logHashSeed,
    tree: logTree,
  });
  const disk = await open(raw, "r+");
  for (const { offset } of [root, log]) await settleInodes(disk, { offset, epoch: EPOCH });
  await disk.close();
  return raw;
}

async function compare(t: ExecutionContext, one: string, two: string) {
  return compareArtifacts(one, two, await scratch(t), signal);
}

function pack(folder: string, raw: string, format: Format, name: string): Promise<string> {
  return artifactIn(folder, raw, format, undefined, name);
}

const swapByte = (tree: string) => writeFile(join(tree, "etc/b"), "this is etc/B\n");

for (const format of DISK_FORMATS) {
  test(`a changed byte in a file is found through ${format}`, async (t) => {
    const folder = await scratch(t);
    const one = await pack(folder, await makeRaw(folder, "one"), format, "one");
    const two = await pack(folder, await makeRaw(folder, "two", swapByte), format, "two");
    t.deepEqual(await compare(t, one, two), {
      parts: [],
      files: [{ path: "postern-root:/etc/b", what: ["content"] }],
    });
    await cp(one, two);
    t.deepEqual(await compare(t, one, two), { parts: [], files: [] });
  });
}

test("mode, log, ESP and a place outside every file are found", async (t) => {
  const folder = await scratch(t);
  const cases: {
    name: string;
    change?: (tree: string) => Promise<unknown>;
    shim?: string;
    patch?: number;
    parts: RegExp[];
    files: [string, RegExp][];
  }[] = [
    {
      name: "a mode and a file less",
      change: async (tree) => {
        await chmod(join(tree, "etc/a"), 0o600);
        await rm(join(tree, "etc/b"));
      },
      parts: [],
      files: [
        ["postern-root:/etc/a", /^mode 600, was 644$/],
        ["postern-root:/etc/b", /^is missing$/],
      ],
    },
    {
      name: "a time before the epoch in the log",
      change: async (tree) => utimes(join(tree, "var/log/squid/access.log"), EPOCH, EPOCH - 10),
      parts: [],
      files: [["postern-log:/squid/access.log", /^time \d+, was \d+$/]],
    },
    {
      name: "the boot loader",
      shim: "shin",
      parts: [],
      files: [["esp:/EFI/BOOT/BOOTX64.EFI", /^content$/]],
    },
    { name: "BIOS code", patch: 10, parts: [/^before the first partition, byte 10$/], files: [] },
    {
      name: "slack of a partition",
      patch: MIB + 900_000,
      parts: [/^partition bios-boot, byte 900000$/],
      files: [],
    },
  ];
  const first = await makeRaw(folder, "first");
  const one = await pack(folder, first, "vhd", "one");
  for (const { name, change, shim, patch, parts, files } of cases) {
    const raw =
      change === undefined && shim === undefined ? first : await makeRaw(folder, name, change, shim);
    const two = await pack(folder, raw, "vhd", name);
    if (patch !== undefined) await overwrite(two, patch);
    const found = await compare(t, one, two);
    t.is(found.parts.length, parts.length, `${name}: ${found.parts.join("; ")}`);
    for (const [index, pattern] of parts.entries()) t.regex(found.parts[index] ?? "", pattern, name);
    t.deepEqual(
      found.files.map(({ path }) => path),
      files.map(([path]) => path),
      name,
    );
    for (const [index, [, pattern]] of files.entries()) {
      t.regex(found.files[index]?.what.join("; ") ?? "", pattern, name);
    }
    await rm(two);
  }
});

test("a container that differs around the same disk is told as such", async (t) => {
  const folder = await scratch(t);
  const raw = await makeRaw(folder, "raw");
  const one = await pack(folder, raw, "ova", "one");
  const two = join(folder, "two.ova");
  const vmdk = join(folder, "disk.vmdk");
  await writeVmdk(optionsFor(raw, vmdk));
  const product = { name: "Postern", vendor: "Postern", version: "1.0.1", distribution: "debian" } as const;
  await writeOva({ ...optionsFor(raw, two), vmdk, machine: portableMachine(13, 2, 4096), product });
  const { parts, files } = await compare(t, one, two);
  t.deepEqual(files, []);
  t.is(parts.length, 2);
  t.regex(parts[0] ?? "", /^postern-test\.ovf, byte \d+$/);
  t.regex(parts[1] ?? "", /^postern-test\.mf, byte \d+$/);

  const vhd = await pack(folder, raw, "vhd", "one");
  const other = join(folder, "two.vhd");
  await copyFile(vhd, other);
  await overwrite(other, SIZE + 68);
  const found = await compare(t, vhd, other);
  t.regex(found.parts.join(), /^byte 419430468 of the file, the disk inside is the same$/);
});

test("a file of a medium that differs is named", async (t) => {
  const folder = await scratch(t);
  const [one, two] = await Promise.all(
    ["one", "two"].map(async (name) => {
      await mkdir(join(folder, name));
      return sampleIso(join(folder, name));
    }),
  );
  if (one === undefined || two === undefined) return t.fail();
  t.deepEqual(await compare(t, one, two), { parts: [], files: [] });
  const bytes = await readFile(two);
  const place = (await openMedium(memorySource(bytes))).volume.files.get("postern/tree.squashfs");
  await overwrite(two, (place?.offset ?? 0) + 4711);
  t.deepEqual(await compare(t, one, two), { parts: ["postern/tree.squashfs, byte 4711"], files: [] });
});

/** Turns the bits of one byte. */
async function overwrite(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0xff]), 0, 1, at);
  } finally {
    await file.close();
  }
}
