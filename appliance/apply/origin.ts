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

const WORDS = {
  console: "the console",
  command: "posternctl",
  rollback: "a way back",
  ovf: "OVF properties",
  "cloud-init": "cloud-init",
  disk: "a disk",
  image: "the image",
} as const satisfies Record<Way, string>;

/** `the console (tty1)`, `posternctl (/root/new.yaml), by postern`. */
export function originText({ way, detail, by }: Origin): string {
  const what = detail === undefined ? WORDS[way] : `${WORDS[way]} (${detail})`;
  return by === undefined ? what : `${what}, by ${by}`;
}

/** Whether a value that was read from a file is an origin. */
export function isOrigin(value: unknown): value is Origin {
  if (typeof value !== "object" || value === null || !("way" in value)) return false;
  const texts = ["detail" in value ? value.detail : undefined, "by" in value ? value.by : undefined];
  return (
    WAYS.some((way) => way === value.way) &&
    texts.every((text) => text === undefined || typeof text === "string")
  );
}
