import { loaderInTree } from "../../../appliance/disk/esp.ts";
import type { FatFile } from "../../../appliance/disk/fat/write.ts";
import type { Base } from "../../recipe/base.ts";

/**
 * The distribution's signed shim, its GRUB for CDs and MokManager, on the removable-media path. That GRUB looks for
 * /.disk/info on every medium and reads /boot/grub/grub.cfg there. They lie on the EFI system partition, and once more
 * in the volume, for tools that copy the files to a stick.
 *
 * @throws PosternError `artifact.boot-loader` when the tree lacks one of the three.
 */
export async function cdLoaders(tree: string, efi: Base["efi"]): Promise<FatFile[]> {
  return [
    { path: "EFI/BOOT/BOOTX64.EFI", bytes: await loaderInTree(tree, efi.shim, "shim") },
    { path: "EFI/BOOT/grubx64.efi", bytes: await loaderInTree(tree, efi.grubCd, "signed GRUB for CDs") },
    { path: "EFI/BOOT/mmx64.efi", bytes: await loaderInTree(tree, efi.mokManager, "MokManager") },
  ];
}
