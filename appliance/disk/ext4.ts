/** What decides an ext4 beside its place. */
export interface Ext4Settings {
  /** At most 16 characters. */
  label: string;
  uuid: string;
  /** Bytes of the file system for each inode. */
  bytesPerInode: number;
  /** Percent kept for root. */
  reserved: number;
}

/** The root has few large files to come; the log has few files at all. */
export const BYTES_PER_INODE = { root: 16384, log: 65536 } as const;
export const RESERVED_PERCENT = 1;

/**
 * Named one by one, so that no host's defaults get in. GRUB 2.12 reads these, and not metadata_csum_seed;
 * orphan_file would keep older kernels and e2fsprogs out.
 */
const FEATURES = [
  "none",
  "has_journal",
  "ext_attr",
  "resize_inode",
  "dir_index",
  "filetype",
  "extent",
  "64bit",
  "flex_bg",
  "sparse_super",
  "large_file",
  "huge_file",
  "dir_nlink",
  "extra_isize",
  "metadata_csum",
];
const BLOCK = 4096;
const JOURNAL_MIB = 64;

/** mke2fs's arguments up to the device. @param extended more of its extended options. */
export function ext4Arguments(
  { label, uuid, bytesPerInode, reserved }: Ext4Settings,
  extended: readonly string[],
): string[] {
  return [
    ...["-q", "-F", "-t", "ext4", "-b", String(BLOCK), "-I", "256", "-e", "remount-ro"],
    ...["-i", String(bytesPerInode), "-m", String(reserved), "-J", `size=${JOURNAL_MIB}`],
    ...["-O", FEATURES.join(","), "-E", [...extended, "root_owner=0:0", "nodiscard"].join(",")],
    ...["-U", uuid, "-L", label],
  ];
}
