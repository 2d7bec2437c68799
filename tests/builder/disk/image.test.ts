import { chmod, chown, open, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { fileSource } from "../../../appliance/disk/bytes.ts";
import { readGpt } from "../../../appliance/disk/gpt-read.ts";
import { diskIds } from "../../../appliance/disk/ids.ts";
import { MIB } from "../../../appliance/disk/layout.ts";
import { settleInodes } from "../../../builder/disk/ext4/inodes.ts";
import { makeExt4 } from "../../../builder/disk/ext4/make.ts";
import { type DiskOptions, writeDisk } from "../../../builder/disk/image.ts";
import { imageLayout } from "../../../builder/disk/layout.ts";
import { type ErrorCode, PosternError } from "../../../builder/error.ts";
import { run } from "../../../builder/host/run.ts";
import { EPOCH, folderIn, quiet, withFolder } from "./kit.ts";

const ids = diskIds("image test");
const SIZE = 5;
const layout = imageLayout(SIZE, ids);

/** A tree with what trips copies up; files are made in the order asked for. */
async function makeTree(folder: string, name: string, order: readonly string[]): Promise<string> {
  const tree = await folderIn(folder, name);
  for (const file of order) {
    await writeFile(join(tree, file), `this is ${file}\n`);
    await utimes(join(tree, file), EPOCH - 1000, EPOCH - 1000);
  }
  await symlink("/alpha", join(tree, "link"));
  const log = await folderIn(tree, "var", "log");
  await writeFile(join(log, "kept.log"), "");
  if (process.geteuid?.() === 0) await chown(log, 7, 104);
  await chmod(log, 0o2775);
  for (const path of ["var/log/kept.log", "var/log", "var", ""]) {
    await utimes(join(tree, path), EPOCH + 5000, EPOCH + 5000);
  }
  return tree;
}

function optionsFor(folder: string, name: string, tree: string): DiskOptions {
  const bootImg = Buffer.alloc(512);
  bootImg.set([0x55, 0xaa], 510);
  return {
    out: join(folder, name),
    sizeGiB: SIZE,
    ids,
    epoch: EPOCH,
    tree,
    logTree: join(tree, "var/log"),
    esp: [{ path: "EFI/BOOT/BOOTX64.EFI", bytes: Buffer.from("shim") }],
    bootImg,
    coreImg: Buffer.alloc(3000, 1),
    asRoot: run,
    progress: quiet,
    signal: new AbortController().signal,
  };
}

test("two trees with the same content give the same bytes, sparse, and their tools find nothing wrong", async (t) => {
  await withFolder(async (folder) => {
    const first = await makeTree(folder, "one", ["alpha", "beta", "gamma"]);
    const second = await makeTree(folder, "two", ["gamma", "alpha", "beta"]);
    await writeDisk(optionsFor(folder, "one.raw", first));
    await writeDisk(optionsFor(folder, "two.raw", second));
    const disk = join(folder, "one.raw");
    await t.notThrowsAsync(
      run("qemu-img", ["compare", "-f", "raw", "-F", "raw", disk, join(folder, "two.raw")]),
    );
    const { size, blocks } = await stat(disk);
    t.is(size, layout.size);
    t.true(blocks * 512 < size / 10, `${blocks * 512} bytes on the host's disk`);

    t.regex((await run("sgdisk", ["-v", disk])).stdout, /No problems found/);
    const file = await open(disk);
    const reading = await readGpt(await fileSource(file)).finally(() => file.close());
    t.deepEqual(reading.problems, []);
    t.deepEqual(reading.gpt, layout.gpt);
    const shim = await run("mtype", ["-i", `${disk}@@${layout.esp.offset}`, "::EFI/BOOT/BOOTX64.EFI"]);
    t.is(shim.stdout, "shim");

    const inspect = async (place: { offset: number }, request: string): Promise<string> =>
      (await run("debugfs", ["-R", request, `${disk}?offset=${place.offset}`])).stdout;
    t.is(await inspect(layout.root, "cat /beta"), "this is beta\n");
    t.regex(await inspect(layout.root, "stat /link"), /Fast link dest: "\/alpha"/);
    const kept = await inspect(layout.log, "stat /kept.log");
    for (const time of ["atime", "ctime", "mtime", "crtime"]) {
      // No time of the host, and none after the epoch.
      t.regex(kept, new RegExp(`^ ?${time}: 0x${EPOCH.toString(16)}:0{8}`, "m"));
    }
    const logRoot = await inspect(layout.log, "stat <2>");
    t.regex(logRoot, /Mode:\s+02775/);
    if (process.geteuid?.() === 0) t.regex(logRoot, /User:\s+7\s+Group:\s+104/);
    const features = (await run("dumpe2fs", ["-h", `${disk}?offset=${layout.root.offset}`])).stdout;
    t.regex(features, new RegExp(`Filesystem UUID:\\s+${ids.rootUuid}`));
    t.notRegex(features, /metadata_csum_seed|orphan_file/);
  });
});

test("a disk that cannot be made leaves no file", async (t) => {
  await withFolder(async (folder) => {
    const tree = await makeTree(folder, "tree", ["alpha"]);
    const table: { wrong: Partial<DiskOptions>; code: ErrorCode }[] = [
      { wrong: { coreImg: Buffer.alloc(2 * 1024 * 1024) }, code: "artifact.grub" },
      {
        wrong: { esp: [{ path: "big", bytes: Buffer.alloc(130 * 1024 * 1024) }] },
        code: "artifact.fat-full",
      },
      { wrong: { sizeGiB: 3 }, code: "input.disk-size" },
      { wrong: { logTree: join(folder, "nothing") }, code: "host.command" },
    ];
    for (const { wrong, code } of table) {
      const options = { ...optionsFor(folder, "bad.raw", tree), ...wrong };
      const error = await t.throwsAsync(writeDisk(options), { instanceOf: PosternError });
      t.is(error?.code, code);
      t.deepEqual(await readdir(folder), ["tree"]);
    }
  });
});

test("a build that is stopped leaves no file", async (t) => {
  await withFolder(async (folder) => {
    const tree = await makeTree(folder, "tree", ["alpha"]);
    const { signal } = stoppedWith("stopped");
    await t.throwsAsync(writeDisk({ ...optionsFor(folder, "bad.raw", tree), signal }), {
      message: "stopped",
    });
    t.deepEqual(await readdir(folder), ["tree"]);
  });
});

test("a tree that does not fit its partition is an error of the artifact", async (t) => {
  await withFolder(async (folder) => {
    const tree = await makeTree(folder, "tree", []);
    await writeFile(join(tree, "big"), Buffer.alloc(60 * MIB, 1));
    const image = join(folder, "small.raw");
    await writeFile(image, "");
    const place = { offset: MIB, size: 100 * MIB };
    const system = {
      label: "small",
      uuid: ids.rootUuid,
      hashSeed: ids.rootHashSeed,
      reserved: 1,
      epoch: EPOCH,
    };
    const making = makeExt4({ image, place, tree, bytesPerInode: 16384, asRoot: run, ...system });
    t.is((await t.throwsAsync(making, { instanceOf: PosternError }))?.code, "artifact.ext4");
  });
});

test("inodes are only settled in a file system that this project makes", async (t) => {
  await withFolder(async (folder) => {
    const image = join(folder, "other.raw");
    await run("mke2fs", ["-q", "-F", "-t", "ext2", "-O", "none", image, "8M"]);
    const before = await readFile(image);
    const file = await open(image, "r+");
    const settling = settleInodes(file, { offset: 0, epoch: EPOCH });
    t.is((await t.throwsAsync(settling, { instanceOf: PosternError }))?.code, "artifact.ext4");
    await file.close();
    t.true(before.equals(await readFile(image)));
  });
});

function stoppedWith(message: string): AbortController {
  const stopped = new AbortController();
  stopped.abort(new Error(message));
  return stopped;
}
