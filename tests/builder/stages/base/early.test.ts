import test from "ava";
import { extract } from "tar-stream";
import type { LaidFile, LoadedOverlay } from "../../../../builder/overlays/load.ts";
import { parseOverlay } from "../../../../builder/overlays/overlay.ts";
import { earlyFiles, earlyTar } from "../../../../builder/stages/base/early.ts";

const EPOCH = 1_767_225_600;

function file(path: string, mode = 0o644): LaidFile {
  return { path, mode, owner: "root", group: "root", bytes: Buffer.from(path) };
}

function overlay(...laidFiles: LaidFile[]): LoadedOverlay {
  return { ...parseOverlay("one", "title: One", "one"), laidFiles, laidDirectories: [], hash: "" };
}

test("what initramfs-tools reads is taken from every overlay, and nothing else", (t) => {
  const hook = file("/etc/initramfs-tools/hooks/one", 0o755);
  const script = file("/etc/initramfs-tools/scripts/two");

  t.deepEqual(earlyFiles([overlay(file("/etc/one"), hook), overlay(script, file("/etc/initramfs"))]), [
    hook,
    script,
  ]);
});

test("it lies in a tar with its folders first, all of root's and of one time", async (t) => {
  const tar = await earlyTar(
    [file("/etc/initramfs-tools/hooks/one", 0o755), file("/etc/initramfs-tools/scripts/two")],
    EPOCH,
  );

  const entries: string[] = [];
  const reader = extract();
  reader.end(tar);
  for await (const entry of reader) {
    const { name, type, mode, uid, gid, uname, mtime } = entry.header;
    const time = (mtime?.getTime() ?? 0) / 1000 - EPOCH;
    entries.push(`${type} ${name} ${mode?.toString(8)} ${uid}:${gid} ${uname} ${time}`);
    entry.resume();
  }

  t.deepEqual(entries, [
    "directory etc/initramfs-tools/ 755 0:0 root 0",
    "directory etc/initramfs-tools/hooks/ 755 0:0 root 0",
    "directory etc/initramfs-tools/scripts/ 755 0:0 root 0",
    "file etc/initramfs-tools/hooks/one 755 0:0 root 0",
    "file etc/initramfs-tools/scripts/two 644 0:0 root 0",
  ]);
});
