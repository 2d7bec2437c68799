import { dirname } from "node:path";
import { pack } from "tar-stream";
import type { LaidFile, LoadedOverlay } from "../../overlays/load.ts";

/** Where initramfs-tools looks for hooks and scripts that no package brings. */
const INITRAMFS = "/etc/initramfs-tools/";

/** What the overlays put into the initrd: it must be in the tree before the kernel's package makes one. */
export function earlyFiles(overlays: readonly LoadedOverlay[]): LaidFile[] {
  return overlays.flatMap(({ laidFiles }) => laidFiles.filter(({ path }) => path.startsWith(INITRAMFS)));
}

/** These files and their folders as a tar, owned by root: their packages are not there yet. */
export async function earlyTar(files: readonly LaidFile[], epoch: number): Promise<Buffer> {
  const archive = pack();
  const common = { mtime: new Date(epoch * 1000), uid: 0, gid: 0, uname: "root", gname: "root" };
  for (const folder of foldersOf(files)) {
    archive.entry({ ...common, name: `${folder.slice(1)}/`, type: "directory", mode: 0o755 });
  }
  for (const { path, mode, bytes } of files) archive.entry({ ...common, name: path.slice(1), mode }, bytes);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Every folder on the way to the files below /etc, outermost first. */
function foldersOf(files: readonly LaidFile[]): string[] {
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let folder = dirname(path); folder !== "/etc" && folder !== "/"; folder = dirname(folder)) {
      folders.add(folder);
    }
  }
  return [...folders].sort();
}
