import { guidBytes } from "../../../appliance/disk/ids.ts";

/** A file of the volume. */
export interface IsoFile {
  /** On the medium, without a leading slash. */
  path: string;
  /** On the host. */
  source: string;
}

export interface XorrisoOptions {
  out: string;
  files: readonly IsoFile[];
  /** Image of the EFI system partition. */
  esp: string;
  /** GRUB's boot_hybrid.img. */
  mbr: string;
  /** GUID of the medium's partition table. */
  disk: string;
  epoch: number;
  /** Where on the volume the El Torito image lies. */
  eltorito: string;
}

/** Never `POSTERN`: that is the label of a stick with settings. */
export const VOLUME_ID = "POSTERN_INSTALL";
/** An EFI system partition, as its bytes stand on the disk. */
const ESP_TYPE = guidBytes("c12a7328-f81f-11d2-ba4b-00a0c93ec93b").toString("hex");
/** "Microsoft basic data", what such a partition with an ISO 9660 volume is usually given. */
const DATA_TYPE = guidBytes("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7").toString("hex");
/** El Torito counts the ESP in 16 bits of 512 bytes. */
export const LARGEST_ESP = 0xffff * 512;

/**
 * A medium that starts as a CD and as a disk, on BIOS and on UEFI: El Torito entries for both, GRUB in the first
 * sector, the EFI system partition as one of a GPT. Every field that xorriso would take from the clock, the tree or
 * its own version is given.
 *
 * @see https://www.gnu.org/software/xorriso/man_1_xorrisofs.html
 */
export function xorrisoArgs(options: XorrisoOptions): string[] {
  return [
    ...["-as", "mkisofs", "-quiet", "-r", "-J", "-joliet-long", "-iso-level", "3", "-full-iso9660-filenames"],
    ...["-V", VOLUME_ID, "-A", "POSTERN", "-p", "POSTERN", "-publisher", "POSTERN", "-sysid", "LINUX"],
    `--modification-date=${stamp(options.epoch)}`,
    ...["--set_all_file_dates", stamp(options.epoch)],
    ...["--gpt_disk_guid", guidBytes(options.disk).toString("hex")],
    ...["--grub2-mbr", options.mbr, "--protective-msdos-label", "-partition_cyl_align", "off"],
    ...["-partition_offset", "16", "--mbr-force-bootable"],
    ...["-append_partition", "2", ESP_TYPE, options.esp, "-appended_part_as_gpt"],
    ...["-iso_mbr_part_type", DATA_TYPE],
    ...["-c", "/boot.catalog", "-b", options.eltorito, "-no-emul-boot", "-boot-load-size", "4"],
    ...["-boot-info-table", "--grub2-boot-info"],
    ...["-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot"],
    ...["-o", options.out, "-graft-points"],
    ...[...options.files]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, source }) => `${escaped(path)}=${escaped(source)}`),
  ];
}

/** `YYYYMMDDhhmmsscc` in UTC, the last two for hundredths; xorriso is run with TZ=UTC. */
function stamp(epoch: number): string {
  return `${new Date(epoch * 1000).toISOString().slice(0, 19).replace(/[-:T]/g, "")}00`;
}

/** In a graft point `=` parts the two paths, and a backslash takes its meaning away. */
function escaped(path: string): string {
  return path.replace(/[\\=]/g, "\\$&");
}
