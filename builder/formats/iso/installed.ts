import { PARTITION } from "../../../appliance/disk/layout.ts";
import { MARKER } from "../../../appliance/install/marker.ts";

/**
 * The menu's part for a server that Postern was installed on: a medium that stays attached starts the disk, unless
 * somebody chooses otherwise. The medium's own GRUB reads the disk's menu, so that BIOS and UEFI, with Secure Boot
 * too, go the same way. The condition keeps GRUB from complaining where there is no such disk.
 */
export const INSTALLED_ENTRY = `if search --no-floppy --set=installed --file /${MARKER}; then
  regexp --set=1:disk '^([^,]+)' "$installed"
  set default=installed
  menuentry 'Start the installed Postern' --unrestricted --id installed {
    set root="$disk,gpt${PARTITION.root}"
    configfile /boot/grub/grub.cfg
  }
fi
`;
