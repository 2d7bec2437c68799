import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import test from "ava";
import { type Header, pack } from "tar-stream";
import { readTree } from "../../../../builder/evidence/sbom/tree.ts";
import { withFolder } from "../../disk/kit.ts";

const { signal } = new AbortController();
const DOC = "./usr/share/doc";

async function tarOf(
  folder: string,
  entries: readonly (Partial<Header> & { name: string; text?: string })[],
): Promise<string> {
  const archive = pack();
  for (const { text, ...header } of entries) archive.entry(header, text ?? "");
  archive.finalize();
  const path = join(folder, "root.tar");
  await pipeline(archive, createWriteStream(path));
  return path;
}

test("a tree's list of packages, hashes of files, and copyright files wherever links lead", async (t) => {
  await withFolder(async (folder) => {
    const large = "console ".repeat(300_000);
    const tar = await tarOf(folder, [
      { name: "./usr/lib/postern/console", text: large },
      { name: `${DOC}/base/`, type: "directory" },
      { name: `${DOC}/base/copyright`, text: "the text" },
      { name: `${DOC}/folder`, type: "symlink", linkname: "base" },
      { name: `${DOC}/absolute`, type: "symlink", linkname: "/usr/share/doc/folder" },
      { name: `${DOC}/file/copyright`, type: "symlink", linkname: "../base/copyright" },
      { name: `${DOC}/hard/copyright`, type: "link", linkname: `${DOC}/base/copyright` },
      { name: `${DOC}/round`, type: "symlink", linkname: "round" },
      { name: `${DOC}/out/copyright`, type: "symlink", linkname: "../../../../etc/passwd" },
      { name: "./etc/passwd", text: "root" },
      { name: "./var/lib/dpkg/status", text: "Package: x\n" },
    ]);
    const tree = await readTree(tar, ["usr/lib/postern/console", "missing"], signal);
    t.is(tree.status, "Package: x\n");
    const digest = createHash("sha256").update(large).digest("hex");
    t.deepEqual([...tree.digests], [["usr/lib/postern/console", digest]]);
    for (const name of ["base", "folder", "absolute", "file", "hard"]) {
      t.deepEqual(tree.copyright(name), { path: "usr/share/doc/base/copyright", text: "the text" }, name);
    }
    for (const name of ["round", "out", "none"]) t.is(tree.copyright(name), undefined, name);
  });
});

test("a tree without dpkg, or cut, is refused", async (t) => {
  await withFolder(async (folder) => {
    const tar = await tarOf(folder, [{ name: "./etc/passwd", text: "root" }]);
    await t.throwsAsync(readTree(tar, [], signal), { message: /no var\/lib\/dpkg\/status/ });
  });
});
