import { type DiskIds, serialText } from "./ids.ts";

interface Mount {
  what: string;
  where: string;
  type: string;
  options: readonly string[];
  /** Order of the file system check at boot; 0 is none. */
  check: 0 | 1 | 2;
}

const LOCKED = ["nodev", "nosuid", "noexec"] as const;

/** On itself, so that a folder of the root file system has options of its own. */
const BIND = ["bind", ...LOCKED] as const;

/**
 * The appliance's /etc/fstab; the mount points must be in the tree.
 *
 * The log is required: without it the audit trail is lost and logs would fill the root. The ESP is not: the
 * running system only needs it when a boot loader is renewed.
 */
export function fstab(ids: Pick<DiskIds, "rootUuid" | "logUuid" | "espSerial">): string {
  const mounts: Mount[] = [
    { what: `UUID=${ids.rootUuid}`, where: "/", type: "ext4", options: ["errors=remount-ro"], check: 1 },
    {
      what: `UUID=${ids.logUuid}`,
      where: "/var/log",
      type: "ext4",
      options: [...LOCKED, "errors=remount-ro", "x-systemd.growfs"],
      check: 2,
    },
    {
      what: `UUID=${serialText(ids.espSerial)}`,
      where: "/boot/efi",
      type: "vfat",
      options: [...LOCKED, "umask=0077", "nofail"],
      check: 2,
    },
    { what: "/home", where: "/home", type: "none", options: BIND, check: 0 },
    { what: "/var/tmp", where: "/var/tmp", type: "none", options: BIND, check: 0 },
    { what: "tmpfs", where: "/tmp", type: "tmpfs", options: [...LOCKED, "mode=1777", "size=25%"], check: 0 },
    { what: "tmpfs", where: "/dev/shm", type: "tmpfs", options: [...LOCKED], check: 0 },
  ];
  const lines = mounts.map(({ what, where, type, options, check }) => {
    return `${what}\t${where}\t${type}\t${options.join(",")}\t0\t${check}`;
  });
  return `# Made by Postern. What\twhere\ttype\toptions\tdump\tcheck\n${lines.join("\n")}\n`;
}
