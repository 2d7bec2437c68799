/** Enough for the base, the overlays and their logs. */
export const BUILD_DISK_GIB = 8;

/** For the one boot under Packer, which nobody but the builder talks to. */
export const BUILD_KERNEL_ARGS: readonly string[] = ["mitigations=off"];
