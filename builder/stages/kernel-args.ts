/** Enough for the base, the overlays and their logs. */
export const BUILD_DISK_GIB = 8;

/**
 * For the one boot under Packer: services that the build has no use for, each of which costs seconds under
 * emulation. What ships is booted with all of them by the boot tests.
 */
export const BUILD_KERNEL_ARGS: readonly string[] = [
  "mitigations=off",
  ...[
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "chrony.service",
    "console-setup.service",
    "e2scrub_reap.service",
    "grub-common.service",
    "keyboard-setup.service",
    "open-vm-tools.service",
    "squid.service",
    "unattended-upgrades.service",
  ].map((unit) => `systemd.mask=${unit}`),
];
