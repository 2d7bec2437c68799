import { pack } from "tar-stream";
import { stringify } from "yaml";
import type { LaidDirectory, LaidFile, LoadedOverlay } from "./load.ts";

/** The account that Packer logs in with; it lives only in the build. */
export const BUILD_USER = "postern-build";

/** Its id is far from those of people, so that the administrator gets 1000. */
const BUILD_UID = 60_990;

/** cloud-init reads YAML 1.1, where a bare `off` is a boolean. */
const YAML_1_1 = { version: "1.1", lineWidth: 0 } as const;

/** Where the seed is mounted in the VM. */
export const SEED_MOUNT = "/run/postern-seed";

/** One file of the seed: cloud-init's own and what the overlays bring. */
export interface SeedFile {
  path: string;
  bytes: Buffer;
}

/**
 * The NoCloud seed: user-data, meta-data, one tar with every overlay's files, and the checks.
 *
 * @see https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html
 */
export async function seedFiles(
  overlays: readonly LoadedOverlay[],
  publicKey: string,
  checker: string,
  epoch: number,
): Promise<SeedFile[]> {
  const checks = overlays.flatMap((overlay) =>
    overlay.checks.map((one) => ({ overlay: overlay.id, ...one })),
  );
  return [
    { path: "user-data", bytes: Buffer.from(userData(overlays, publicKey, epoch)) },
    { path: "meta-data", bytes: Buffer.from("instance-id: postern-build\nlocal-hostname: postern\n") },
    { path: "overlays.tar", bytes: await overlayTar(overlays, epoch) },
    { path: "checks.json", bytes: Buffer.from(JSON.stringify(checks)) },
    { path: "run-checks.mjs", bytes: Buffer.from(checker) },
  ];
}

/**
 * cloud-config: the build user, then one script that lays the overlays and stops at the first fault.
 *
 * @param epoch seconds since 1970 that what is made in the VM carries.
 */
export function userData(overlays: readonly LoadedOverlay[], publicKey: string, epoch: number): string {
  const commands: (string | string[])[] = [
    // cloud-init joins these into one script; without this line a failed step would go unseen.
    "set -eu",
    // useradd and others write down the day: https://reproducible-builds.org/specs/source-date-epoch/
    `export SOURCE_DATE_EPOCH=${epoch}`,
    ["mkdir", "-p", SEED_MOUNT],
    ["mount", "-o", "ro,noexec,nosuid,nodev", "/dev/disk/by-label/CIDATA", SEED_MOUNT],
    [
      "tar",
      "--extract",
      "--preserve-permissions",
      "--keep-directory-symlink",
      "--file",
      `${SEED_MOUNT}/overlays.tar`,
      "--directory",
      "/",
    ],
    ...overlays.flatMap((overlay) => overlay.run.map((command) => [...command])),
    ...unitCommands("mask", overlays),
    ...unitCommands("disable", overlays),
    ...unitCommands("enable", overlays),
    ["systemctl", "daemon-reload"],
    // What sysctl.d and modules-load.d say now holds in this VM too, so that the checks see the real thing.
    ["systemctl", "restart", "systemd-modules-load.service", "systemd-sysctl.service"],
  ];
  const config = {
    users: [
      {
        name: BUILD_USER,
        uid: BUILD_UID,
        shell: "/bin/sh",
        lock_passwd: true,
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        ssh_authorized_keys: [publicKey],
      },
    ],
    ssh_genkeytypes: ["ed25519"],
    // Only what the build needs: each further module costs a second under emulation.
    cloud_init_modules: ["users_groups", "ssh"],
    cloud_config_modules: ["runcmd"],
    cloud_final_modules: ["scripts_user"],
    apt: { preserve_sources_list: true },
    growpart: { mode: "off" },
    resize_rootfs: false,
    runcmd: commands,
  };
  return `#cloud-config\n${stringify(config, YAML_1_1)}`;
}

function unitCommands(verb: "enable" | "disable" | "mask", overlays: readonly LoadedOverlay[]): string[][] {
  const units = overlays.flatMap((overlay) => overlay.units[verb]);
  return units.length === 0 ? [] : [["systemctl", "--no-reload", verb, ...units]];
}

/** All overlays' files in one tar, in overlay order, owners by name, times at the epoch. */
export async function overlayTar(overlays: readonly LoadedOverlay[], epoch: number): Promise<Buffer> {
  const archive = pack();
  const mtime = new Date(epoch * 1000);
  for (const overlay of overlays) {
    for (const folder of overlay.laidDirectories) {
      archive.entry({ ...headerOf(folder, mtime), name: `${folder.path.slice(1)}/`, type: "directory" });
    }
    for (const file of overlay.laidFiles) archive.entry(headerOf(file, mtime), file.bytes);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function headerOf(entry: LaidFile | LaidDirectory, mtime: Date) {
  const { path, mode, owner, group } = entry;
  return { name: path.slice(1), mode, mtime, uname: owner, gname: group, uid: 0, gid: 0 };
}
