import { type Disk, diskSize } from "./disk.ts";

/** What a person types to say that this disk is meant. */
export interface Identity {
  /** What kind of text it is, in words. */
  kind: "serial number" | "WWN" | "path and size";
  text: string;
}

/**
 * The serial number; where there is none, or another disk has the same, the WWN; else the path with the size,
 * since a path alone may be another disk's after a restart.
 */
export function identityOf(disk: Disk, all: readonly Disk[]): Identity {
  const isAlone = (key: "serial" | "wwn"): boolean =>
    disk[key] !== "" && all.every((other) => other.path === disk.path || !isSame(other[key], disk[key]));
  if (isAlone("serial")) return { kind: "serial number", text: disk.serial };
  if (isAlone("wwn")) return { kind: "WWN", text: disk.wwn };
  return { kind: "path and size", text: `${disk.path} ${diskSize(disk.size)}` };
}

/** Whether what was typed means it: capitals and the number of spaces do not count. */
export function isSame(typed: string, text: string): boolean {
  const plain = (one: string): string => one.trim().replaceAll(/\s+/g, " ").toLowerCase();
  return plain(typed) === plain(text);
}
