import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PARTITION_NAME } from "../disk/layout.ts";
import { PosternError } from "../error.ts";
import { withMounted } from "../intake/media.ts";
import { pathsUnder } from "../paths.ts";
import { readRelease } from "../release.ts";
import { adminHash } from "../system/accounts.ts";
import type { System } from "../system/system.ts";
import type { Disk } from "./inventory/disk.ts";

/** A system on a disk of this server, by the names of its partitions. */
export interface InstalledSystem {
  disk: Disk;
  version: string;
  /** Nodes of its partitions; the root is always there. */
  root: string;
  log: string | undefined;
  esp: string | undefined;
  /** The administrator's password field (shadow(5)); undefined: none was ever set, nobody can prove anything. */
  hash: string | undefined;
}

/** Where the installed system is mounted for the shell. */
export const RESCUE_ROOT = "/mnt";

/** Systems of Postern on these disks. Never throws: a root that cannot be read is none. */
export async function findSystems(system: System, disks: readonly Disk[]): Promise<InstalledSystem[]> {
  const found: InstalledSystem[] = [];
  for (const disk of disks) {
    const node = (name: string): string | undefined => disk.parts.find((part) => part.name === name)?.path;
    const root = disk.parts.find(({ name, type }) => name === PARTITION_NAME.root && type === "ext4");
    if (root === undefined) continue;
    const medium = { device: root.path, label: "", type: "ext4", size: root.size, isCd: false } as const;
    const about = await withMounted(system, medium, async (folder) => {
      const paths = pathsUnder(folder);
      return { version: readRelease(paths).version, hash: usable(await adminHash(paths)) };
    }).catch(() => undefined);
    if (about === undefined) continue;
    found.push({
      disk,
      ...about,
      root: root.path,
      log: node(PARTITION_NAME.log),
      esp: node(PARTITION_NAME.esp),
    });
  }
  return found;
}

/** A field that begins with ! or * takes no password (shadow(5)). */
function usable(hash: string | undefined): string | undefined {
  return hash === undefined || !hash.startsWith("$") ? undefined : hash;
}

/** Mounts the installed system, so that programs in it run by `chroot`. @throws PosternError `host.rescue` */
export async function mountSystem(
  system: System,
  { root, log, esp }: Pick<InstalledSystem, "root" | "log" | "esp">,
): Promise<void> {
  const target = system.paths.at(RESCUE_ROOT);
  await mkdir(target, { recursive: true });
  await unmountSystem(system);
  await mount(system, ["-t", "ext4", "--", root, target]);
  if (log !== undefined) await mount(system, ["-t", "ext4", "--", log, join(target, "var/log")]);
  if (esp !== undefined)
    await mount(system, ["-t", "vfat", "-o", "umask=0077", "--", esp, join(target, "boot/efi")]);
  for (const folder of ["dev", "proc", "sys", "run"]) {
    await mount(system, ["--rbind", "--make-rslave", "--", `/${folder}`, join(target, folder)]);
  }
}

/** Takes it away again; where nothing is mounted nothing happens. */
export async function unmountSystem(system: System): Promise<void> {
  await system.run("umount", ["--recursive", "--", system.paths.at(RESCUE_ROOT)]);
}

async function mount(system: System, args: readonly string[]): Promise<void> {
  const { code, stderr } = await system.run("mount", args);
  if (code === 0) return;
  throw new PosternError({
    code: "host.rescue",
    message: `The installed system cannot be mounted: ${stderr.trim().slice(0, 300)}`,
    hint: "Look at the disk. Without the installed system there is no shell.",
  });
}
