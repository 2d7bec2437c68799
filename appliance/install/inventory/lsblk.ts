import { isMap } from "../../settings/without.ts";
import type { Disk, Part, Signature } from "./disk.ts";

/** https://man7.org/linux/man-pages/man8/lsblk.8.html: sizes in bytes, partitions inside their disks. */
export const LSBLK_ARGUMENTS = [
  "--json",
  "--bytes",
  "--tree",
  "--output",
  "NAME,PATH,TYPE,SIZE,VENDOR,MODEL,SERIAL,WWN,TRAN,RM,RO,LOG-SEC,PTTYPE,FSTYPE,LABEL,PARTLABEL,PARTTYPE,MOUNTPOINTS",
] as const;

/** What the kernel makes of memory and files: never a disk of the server. */
const MADE_UP = /^(loop|ram|zram|nbd|fd|dm-)\d/;
/** A storage array shows thousands. */
const MOST_DISKS = 4096;

type Entry = Readonly<Record<string, unknown>>;

/** The disks in lsblk's answer, by path. What is no disk at all (CDs, loops) is left out. */
export function disksIn(json: string): Disk[] {
  const value = parsed(json);
  const entries = entriesOf(isMap(value) ? value.blockdevices : undefined).slice(0, MOST_DISKS);
  const disks = entries.filter(({ type, name }) => {
    return type === "disk" && !MADE_UP.test(textOf(name));
  });
  return disks.map(diskOf).sort((a, b) => compare(a.path, b.path));
}

function diskOf(entry: Entry): Disk {
  return {
    path: textOf(entry.path),
    vendor: textOf(entry.vendor),
    model: textOf(entry.model),
    serial: textOf(entry.serial),
    wwn: textOf(entry.wwn),
    size: numberOf(entry.size),
    sectorSize: numberOf(entry["log-sec"]),
    transport: textOf(entry.tran),
    isRemovable: isTrue(entry.rm),
    isReadOnly: isTrue(entry.ro),
    table: textOf(entry.pttype),
    own: signatureOf(entry),
    parts: partsOf(entry),
  };
}

function partsOf(disk: Entry): Part[] {
  const children = entriesOf(disk.children);
  const parts = children.filter(({ type }) => type === "part").map(partOf);
  // What is made of the whole disk, or mounted from it, is told like a partition of the disk's own size.
  const uses = usesOf(disk, ({ type }) => type !== "part");
  if (uses.length === 0) return parts;
  return [{ ...partOf(disk), type: "", label: "", uses }, ...parts];
}

function partOf(entry: Entry): Part {
  return {
    path: textOf(entry.path),
    size: numberOf(entry.size),
    name: textOf(entry.partlabel),
    typeId: textOf(entry.parttype).toLowerCase(),
    uses: usesOf(entry),
    ...signatureOf(entry),
  };
}

/** Where it is mounted, and what is made of it. */
function usesOf(entry: Entry, isCounted: (child: Entry) => boolean = () => true): string[] {
  const mounts = Array.isArray(entry.mountpoints) ? entry.mountpoints : [];
  return [
    ...mounts.map(textOf).filter((mount) => mount !== ""),
    ...entriesOf(entry.children)
      .filter(isCounted)
      .map(({ type, name }) => `${textOf(type)} ${textOf(name)}`),
  ];
}

function signatureOf({ fstype, label }: Entry): Signature {
  return { type: textOf(fstype), label: textOf(label) };
}

function entriesOf(value: unknown): Entry[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

/** Firmware and strangers wrote these texts: they must not move a terminal's cursor. */
function textOf(value: unknown): string {
  if (typeof value !== "string") return "";
  return value
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .replaceAll(/ +/g, " ")
    .trim();
}

/** Older versions write numbers and truths as texts. */
function numberOf(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

function isTrue(value: unknown): boolean {
  return value === true || value === "1" || value === 1;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
