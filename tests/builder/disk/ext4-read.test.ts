import { link, mkdir, open, readdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { pack } from "tar-stream";
import { fileSource, partOf } from "../../../appliance/disk/bytes.ts";
import { MIB } from "../../../appliance/disk/layout.ts";
import { makeExt4 } from "../../../builder/disk/ext4/make.ts";
import { findExt4, readExt4 } from "../../../builder/disk/ext4/read.ts";
import { PosternError } from "../../../builder/error.ts";
import { run } from "../../../builder/host/run.ts";
import { treeOfExt4 } from "../../../builder/reproduce/ext4-tree.ts";
import { treeOfTar } from "../../../builder/reproduce/tar-tree.ts";
import { compareTrees } from "../../../builder/reproduce/tree.ts";
import { memorySource, withFolder } from "./kit.ts";

const { signal } = new AbortController();
const PLACE = { offset: MIB, size: 256 * MIB };

/** What an ext4 keeps in different ways: indexed folders, long and short links, holes, extents in blocks. */
async function makeTree(folder: string): Promise<string> {
  const tree = join(folder, "tree");
  await mkdir(join(tree, "many"), { recursive: true });
  for (let index = 0; index < 700; index++) await writeFile(join(tree, "many", `file number ${index}`), "");
  await symlink("x".repeat(59), join(tree, "short link"));
  await symlink("y".repeat(60), join(tree, "long link"));
  await writeFile(join(tree, "small"), "a few bytes");
  await link(join(tree, "small"), join(tree, "second name"));
  await writeFile(join(tree, "large"), Buffer.alloc(3 * MIB + 7, "large"));
  await writeFile(join(tree, "holes"), "start");
  await truncate(join(tree, "holes"), 2 * MIB);
  // Every second block of it is a hole: more extents than an inode holds.
  await writeFile(join(tree, "split"), "");
  const split = await open(join(tree, "split"), "r+");
  for (let block = 0; block < 40; block++)
    await split.write(Buffer.alloc(4096, block + 1), 0, 4096, block * 8192);
  await split.close();
  return tree;
}

/** Two files with attributes, one too long for its inode. @returns whether this file system keeps them. */
async function addAttributes(tree: string): Promise<boolean> {
  const archive = pack();
  for (const [name, note] of Object.entries({ few: "inside", "many attributes": "n".repeat(300) })) {
    archive.entry({ name, mtime: new Date(0), pax: { "SCHILY.xattr.user.note": note } }, "x");
  }
  archive.finalize();
  const tar = join(tree, "..", "attributes.tar");
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  await writeFile(tar, Buffer.concat(chunks));
  const extract = ["--extract", "--xattrs", "--xattrs-include=*", "--file", tar, "--directory", tree];
  const { stderr } = await run("tar", extract, { okCodes: [0, 2] });
  if (stderr === "") return true;
  await run("rm", ["-f", join(tree, "few"), join(tree, "many attributes")]);
  return false;
}

test("what is read is what mke2fs was given", async (t) => {
  await withFolder(async (folder) => {
    const tree = await makeTree(folder);
    const attributes = await addAttributes(tree);
    if (!attributes) t.log("this file system keeps no user attributes: they are not read back");
    const image = join(folder, "image");
    await writeFile(image, "");
    await truncate(image, PLACE.offset + PLACE.size);
    await makeExt4({
      ...{ image, place: PLACE, label: "test", uuid: "6b7e3c1a-8d2f-4b6e-9a01-5c7d2e8f4a10" },
      ...{ hashSeed: "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f0", tree, bytesPerInode: 65536, reserved: 1 },
      ...{ epoch: 1_700_000_000, asRoot: run },
    });
    const tar = join(folder, "tree.tar");
    await run("tar", [
      ...["--create", "--file", tar, "--format=posix", "--numeric-owner", "--xattrs", "--hard-dereference"],
      ...["--pax-option=delete=atime,delete=ctime", "--directory", tree, "."],
    ]);
    const file = await open(image);
    const system = partOf(await fileSource(file), PLACE.offset, PLACE.size);
    const found = await treeOfExt4(system, signal);
    const paths = ["many/file number 699", "large", "nothing", "many/nothing", "large/x", ""];
    const single = await Promise.all(paths.map((path) => findExt4(system, path)));
    const large = Buffer.concat(await Array.fromAsync(single[1]?.content() ?? []));
    await file.close();
    t.deepEqual(
      single.map((node) => node?.path),
      ["many/file number 699", "large", undefined, undefined, undefined, undefined],
    );
    t.deepEqual(large, Buffer.alloc(3 * MIB + 7, "large"));
    // The tar has fractions of seconds and its own names of attributes; mke2fs gives the root folder to root.
    const given = new Map(
      [...(await treeOfTar(tar, signal))].map(([path, { attributes, ...node }]) => {
        const names = Object.entries(attributes).map(([name, value]) => [
          name.replace("SCHILY.xattr.", ""),
          value,
        ]);
        return [
          path,
          { ...node, mtime: Math.floor(node.mtime), attributes: Object.fromEntries(names) },
        ] as const;
      }),
    );
    const differences = compareTrees(given, found).filter(({ path }) => path !== "" && path !== "lost+found");
    t.deepEqual(differences, []);
    if (attributes) {
      t.is(found.get("few")?.attributes["user.note"], Buffer.from("inside").toString("hex"));
      t.is(found.get("many attributes")?.attributes["user.note"]?.length, 600);
    }
    t.is(found.size, 700 + 10 + (attributes ? 2 : 0));
    t.is((await readdir(join(tree, "many"))).length, 700);
  });
});

test("what is no ext4 is refused", async (t) => {
  const read = (bytes: Buffer) => Array.fromAsync(readExt4(memorySource(bytes)));
  await t.throwsAsync(read(Buffer.alloc(4096)), { instanceOf: PosternError, message: /is not ext4/ });
  await t.throwsAsync(read(Buffer.alloc(100)), { instanceOf: RangeError });
});
