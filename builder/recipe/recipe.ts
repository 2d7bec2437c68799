/** The bases the builder knows; each is a file in `bases/`. */
export const BASE_IDS = ["ubuntu-24.04", "ubuntu-26.04", "debian-13"] as const;
export type BaseId = (typeof BASE_IDS)[number];

/** Disk images, each made from the same sealed disk. */
export const DISK_FORMATS = ["ova", "vhdx", "hyperv", "vhd", "qcow2", "raw"] as const;
export type DiskFormat = (typeof DISK_FORMATS)[number];
/** And the installation medium, which is made of the sealed tree. */
export const FORMATS = [...DISK_FORMATS, "iso"] as const;
export type Format = (typeof FORMATS)[number];

/** A checked recipe with every default filled in. Paths are absolute. */
export interface Recipe {
  /** `auto`: Ubuntu 24.04 where its archive answers, else Debian 13. A named base is never replaced. */
  base: BaseId | "auto";
  /** Archive mirror (URL) instead of the one the base names. */
  mirror?: string;
  /** Keyring file that the archive's signatures are checked with, instead of the base's. */
  keyring?: string;
  formats: readonly Format[];
  disk: {
    /** Whole disk, GiB. */
    size: number;
  };
  vm: {
    cpus: number;
    /** MiB. */
    memory: number;
  };
  /** Virtual hardware versions of the OVAs: [portable, vSphere]. */
  hardware: readonly number[];
  ova: {
    /** A text file that vSphere shows and has accepted before it imports. */
    eula?: string;
  };
  /** An answers file (settings.yaml) to bake in, checked before anything is built. */
  settings?: string;
  admin: {
    /** OpenSSH public keys, one line each, that are baked in for the admin. */
    sshKeys: readonly string[];
  };
  /** Ed25519 public keys, one line each, that may sign a new catalogue for machines of this image. */
  catalogueKeys: readonly string[];
  /** Extra distribution packages. */
  packages: readonly string[];
  /** Extra overlay folders. */
  overlays: readonly string[];
  /** Version of the appliance, in file names and on the console. */
  version: string;
  /** SOURCE_DATE_EPOCH: seconds since 1970 that every time stamp in an image is clamped to. */
  epoch: number;
  sign: {
    /** Private key file (PEM) for the OVAs' signatures; never copied, never logged. */
    key?: string;
    /** X.509 certificate file (PEM) of that key. */
    certificate?: string;
    /** SSH key file, private or public with an agent, that signs sums and provenance; never copied, never logged. */
    sshKey?: string;
  };
}
