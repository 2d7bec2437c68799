import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fstab } from "../appliance/disk/fstab.ts";
import { diskIds } from "../appliance/disk/ids.ts";
import { writeDisk } from "../builder/disk/image.ts";
import { asRoot } from "../builder/host/privilege.ts";
import { follow } from "../builder/host/run.ts";
import type { Progress } from "../builder/pipeline/progress.ts";

/** The yardstick: a Debian server as it comes, on a disk like ours. */

const PACKAGES = ["linux-image-amd64", "openssh-server", "systemd-resolved", "grub-pc-bin", "grub-common"];
const MODULES = [
  "biosdisk",
  "part_gpt",
  "ext2",
  "normal",
  "search",
  "search_fs_uuid",
  "linux",
  "serial",
  "test",
];
const SIZE_GIB = 6;
const EPOCH = 1_760_000_000;

/** Debian's own default is 5 s (GRUB_TIMEOUT) and `quiet`. */
function grubText(rootUuid: string): string {
  return `set timeout=5
serial --unit=0 --speed=115200
terminal_input serial console
terminal_output serial console
menuentry 'Debian GNU/Linux' {
  linux /vmlinuz root=UUID=${rootUuid} ro quiet console=tty0 console=ttyS0,115200n8
  initrd /initrd.img
}
`;
}

/** The raw disk of a plain Debian 13, made on the first call; needs root and the archive. */
export async function plainDebian(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "postern-bench");
  const disk = join(cache, "debian-13.raw");
  const there = await access(disk).then(
    () => true,
    () => false,
  );
  if (there) return disk;
  await mkdir(cache, { recursive: true });
  const tree = join(cache, "tree");
  const half = `${disk}.new`;
  await asRoot("rm", ["-rf", "--", tree, half]);
  const ids = diskIds("postern-bench");
  const include = `--include=${PACKAGES.join(",")}`;
  await follow("mmdebstrap", ["--quiet", "--variant=important", include, "trixie", tree]);
  await follow("chroot", [
    ...[tree, "grub-mkimage", "-O", "i386-pc", "-p", "(,gpt3)/boot/grub", "-o", "/boot/core.img"],
    ...MODULES,
  ]);
  await mkdir(join(tree, "boot", "grub"), { recursive: true });
  await mkdir(join(tree, "boot", "efi"), { recursive: true });
  await writeFile(join(tree, "boot", "grub", "grub.cfg"), grubText(ids.rootUuid));
  await writeFile(join(tree, "etc", "fstab"), fstab(ids));
  await writeDisk({
    ...{ out: half, sizeGiB: SIZE_GIB, ids, epoch: EPOCH, tree, esp: [], asRoot, progress: silent },
    bootImg: await readFile(join(tree, "usr", "lib", "grub", "i386-pc", "boot.img")),
    coreImg: await readFile(join(tree, "boot", "core.img")),
    signal: new AbortController().signal,
  });
  await rm(tree, { recursive: true });
  await rename(half, disk);
  return disk;
}

const silent: Progress = {
  step: (_title, work) => work(silent),
  bar: () => {},
  note: () => {},
};
