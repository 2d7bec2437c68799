/** What lies where on the installation medium. The boot script in the initrd and the installer know these, too. */
export const ISO_PATHS = {
  /** The signed GRUB for CDs finds its medium by this file. */
  info: ".disk/info",
  menu: "boot/grub/grub.cfg",
  eltorito: "boot/grub/eltorito.img",
  kernel: "postern/vmlinuz",
  initrd: "postern/initrd",
  memtestBios: "postern/memtest.bin",
  memtestEfi: "postern/memtest.efi",
  squashfs: "postern/tree.squashfs",
  facts: "postern/tree.json",
  sums: "SHA256SUMS",
  settings: "postern/settings.yaml",
  install: "postern/install.yaml",
} as const;

/** An empty file whose name is the medium's id. */
export function markerPath(id: string): string {
  return `postern/${id}`;
}
