import { mkdtemp, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { privateFolder } from "../system/files.ts";
import type { System } from "../system/system.ts";

/** A file system on a disk, a stick or a CD that is in the machine. */
export interface Medium {
  /** `/dev/sr0` */
  device: string;
  /** In capitals. */
  label: string;
  type: FileSystem;
  /** Bytes. */
  size: number;
  isCd: boolean;
}

/** What can be mounted, and how. UDF is what Windows makes of a folder; ext4 must not replay its journal. */
const OPTIONS = {
  vfat: "ro,nodev,nosuid,noexec",
  iso9660: "ro,nodev,nosuid,noexec",
  udf: "ro,nodev,nosuid,noexec",
  ext4: "ro,nodev,nosuid,noexec,noload",
} as const;

type FileSystem = keyof typeof OPTIONS;

/** A machine has a handful of them; a storage array shows thousands. */
const MOST_DEVICES = 4096;
const PATIENCE = 20_000;

/** Every mountable file system that the machine sees, by device name. */
export async function listMedia(system: System): Promise<Medium[]> {
  const columns = "PATH,LABEL,FSTYPE,SIZE,TYPE";
  const args = ["--json", "--list", "--bytes", "--output", columns];
  const { code, stdout } = await system.run("lsblk", args, { timeout: PATIENCE });
  return code === 0 ? mediaIn(stdout) : [];
}

/** What lsblk's JSON says. */
export function mediaIn(json: string): Medium[] {
  const devices = devicesOf(parsed(json)).slice(0, MOST_DEVICES);
  const media = devices.flatMap(({ path, label, fstype, size, type }) => {
    if (typeof path !== "string" || !/^\/dev\/[\w./-]+$/.test(path) || path.includes("..")) return [];
    if (!isFileSystem(fstype)) return [];
    return [
      {
        device: path,
        label: typeof label === "string" ? label.trim().toUpperCase() : "",
        type: fstype,
        size: Number(size ?? 0),
        isCd: type === "rom",
      },
    ];
  });
  const unique = new Map(media.map((medium) => [medium.device, medium]));
  return [...unique.values()].sort((a, b) => (a.device < b.device ? -1 : 1));
}

/**
 * Does something with what is on a medium: mounted read-only on a folder of its own that nobody else may look
 * into, and unmounted afterwards.
 *
 * @throws Error when it cannot be mounted.
 */
export async function withMounted<T>(
  system: System,
  { device, type }: Medium,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await privateFolder(system.paths.run);
  const folder = await mkdtemp(join(system.paths.run, "medium-"));
  try {
    const args = ["-t", type, "-o", OPTIONS[type], "--", device, folder];
    const { code, stderr } = await system.run("mount", args, { timeout: PATIENCE });
    if (code !== 0) throw new Error(`${device} cannot be mounted: ${stderr.trim().slice(0, 200)}`);
    try {
      return await work(folder);
    } finally {
      const { code: left } = await system.run("umount", ["--", folder], { timeout: PATIENCE });
      if (left !== 0) await system.run("umount", ["--lazy", "--", folder], { timeout: PATIENCE });
    }
  } finally {
    await rmdir(folder).catch(() => {});
  }
}

interface Device {
  path?: unknown;
  label?: unknown;
  fstype?: unknown;
  size?: unknown;
  type?: unknown;
}

function devicesOf(value: unknown): Device[] {
  if (typeof value !== "object" || value === null || !("blockdevices" in value)) return [];
  const { blockdevices } = value;
  if (!Array.isArray(blockdevices)) return [];
  return blockdevices.filter((device: unknown) => typeof device === "object" && device !== null);
}

function isFileSystem(value: unknown): value is FileSystem {
  return typeof value === "string" && Object.hasOwn(OPTIONS, value);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
