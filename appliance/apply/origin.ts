/** The ways in which settings come to a machine. */
export const WAYS = ["console", "command", "rollback", "ovf", "cloud-init", "disk", "image"] as const;
export type Way = (typeof WAYS)[number];

/** Where settings came from: kept in the history beside them, and shown. */
export interface Origin {
  way: Way;
  /** Which one of its kind, in words: `tty1`, `/root/new.yaml`, `/dev/sr0`, `entry 12`. */
  detail?: string;
  /** The account that asked, where a person did. */
  by?: string;
}
