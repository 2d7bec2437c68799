import { readFile } from "node:fs/promises";
import { PosternError } from "../error.ts";
import type { FatFile } from "./fat/write.ts";
import { espGrubCfg } from "./grubcfg.ts";
import { resolveInTree } from "./intree.ts";

/** Where a distribution keeps its signed boot loaders, in its root tree. */
export interface EfiLoaders {
  /** Folder on the ESP that the signed GRUB looks in: its prefix is /EFI/<vendor>. */
  vendor: string;
  /** Candidates in order; the first that exists inside the tree is taken. */
  shim: readonly string[];
  mokManager: readonly string[];
  grub: readonly string[];
  csv: string;
}

export interface EspOptions {
  /** Root tree that holds the signed boot loaders. */
  tree: string;
  efi: EfiLoaders;
  /** UUID of the root file system. */
  rootUuid: string;
}

/** Vendor folders that a signed GRUB may have as its prefix: the stub stands in each, whatever the base. */
const STUB_FOLDERS = ["BOOT", "debian", "ubuntu"] as const;

/**
 * What goes on the ESP: the distribution's signed shim, GRUB and MokManager on the removable-media path, which needs
 * no entry in the firmware, and in the vendor's folder. The fallback program stays out: it would write firmware
 * entries and restart on the first boot.
 *
 * @throws PosternError `artifact.boot-loader` when the tree lacks one of the three.
 */
export async function espFiles({ tree, efi, rootUuid }: EspOptions): Promise<FatFile[]> {
  const shim = await loaderInTree(tree, efi.shim, "shim");
  const grub = await loaderInTree(tree, efi.grub, "signed GRUB");
  const mokManager = await loaderInTree(tree, efi.mokManager, "MokManager");
  const csv = await readInTree(tree, efi.csv);
  const stub = Buffer.from(espGrubCfg(rootUuid));
  const folders = new Set([...STUB_FOLDERS, efi.vendor]);
  return [
    { path: "EFI/BOOT/BOOTX64.EFI", bytes: shim },
    { path: "EFI/BOOT/grubx64.efi", bytes: grub },
    { path: "EFI/BOOT/mmx64.efi", bytes: mokManager },
    { path: `EFI/${efi.vendor}/shimx64.efi`, bytes: shim },
    { path: `EFI/${efi.vendor}/grubx64.efi`, bytes: grub },
    { path: `EFI/${efi.vendor}/mmx64.efi`, bytes: mokManager },
    ...(csv === undefined ? [] : [{ path: `EFI/${efi.vendor}/BOOTX64.CSV`, bytes: csv }]),
    ...[...folders].map((folder) => ({ path: `EFI/${folder}/grub.cfg`, bytes: stub })),
  ];
}

/** The first of these files that the tree has. @throws PosternError `artifact.boot-loader` when it has none. */
export async function loaderInTree(
  tree: string,
  candidates: readonly string[],
  what: string,
): Promise<Buffer> {
  for (const path of candidates) {
    const bytes = await readInTree(tree, path);
    if (bytes !== undefined) return bytes;
  }
  throw new PosternError({
    code: "artifact.boot-loader",
    message: `no ${what} in the root tree; looked for ${candidates.join(", ")}`,
    hint: "The base needs the packages shim-signed and grub-efi-amd64-signed.",
  });
}

async function readInTree(tree: string, path: string): Promise<Buffer | undefined> {
  const found = await resolveInTree(tree, path);
  return found === undefined ? undefined : readFile(found);
}
