import { type FatName, shortChecksum } from "./names.ts";

export const ENTRY_BYTES = 32;
const ATTRIBUTE = { volume: 0x08, directory: 0x10, archive: 0x20, longName: 0x0f } as const;
/** UTF-16 units of one long-name entry, and where they stand in it. */
const LONG_UNITS = 13;
const LONG_PLACES = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30] as const;
const LAST_LONG = 0x40;

/** Date and time as FAT keeps them: local time without a zone, two seconds fine, from 1980 on. */
export interface FatTime {
  date: number;
  time: number;
  /** Hundredths of a second beyond `time`, 0 to 199; only creation times have it. */
  hundredths: number;
}

/** One entry to write. */
export interface DirectoryEntry {
  name: FatName;
  isDirectory: boolean;
  /** First cluster; 0 for an empty file, and for the parent when that is the root. */
  cluster: number;
  /** Bytes of a file; 0 for a directory. */
  size: number;
}

/** Seconds since 1970 as FAT's UTC date and time, 1980 at the earliest and 2107 at the latest. */
export function fatTime(epoch: number): FatTime {
  const clamped = Math.min(Math.max(epoch, Date.UTC(1980, 0) / 1000), Date.UTC(2108, 0) / 1000 - 1);
  const at = new Date(clamped * 1000);
  return {
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    hundredths: (at.getUTCSeconds() & 1) * 100,
  };
}

/** How many 32-byte entries a name takes. */
export function entryCount(name: FatName): number {
  return 1 + (name.isLong ? Math.ceil(name.name.length / LONG_UNITS) : 0);
}

/** An entry with its long-name entries before it. */
export function entryBytes(entry: DirectoryEntry, time: FatTime): Buffer {
  const short = shortEntry(
    entry.name.short,
    entry.isDirectory ? ATTRIBUTE.directory : ATTRIBUTE.archive,
    time,
  );
  short.writeUInt16LE(entry.cluster >>> 16, 20);
  short.writeUInt16LE(entry.cluster & 0xffff, 26);
  short.writeUInt32LE(entry.size, 28);
  return Buffer.concat([...(entry.name.isLong ? longEntries(entry.name) : []), short]);
}

/** The `.` and `..` entries of a directory that is not the root. */
export function dotEntries(own: number, parent: number, time: FatTime): Buffer {
  const dot = (short: string, cluster: number): Buffer => {
    const name = { name: short, short: short.padEnd(11), isLong: false };
    return entryBytes({ name, isDirectory: true, cluster, size: 0 }, time);
  };
  return Buffer.concat([dot(".", own), dot("..", parent)]);
}

/** The root's entry that holds the volume label. */
export function labelEntry(label: Buffer, time: FatTime): Buffer {
  return shortEntry(label.toString("latin1"), ATTRIBUTE.volume, time);
}

function shortEntry(short: string, attribute: number, time: FatTime): Buffer {
  const entry = Buffer.alloc(ENTRY_BYTES);
  entry.write(short, 0, 11, "latin1");
  entry.writeUInt8(attribute, 11);
  entry.writeUInt8(time.hundredths, 13);
  entry.writeUInt16LE(time.time, 14);
  entry.writeUInt16LE(time.date, 16);
  entry.writeUInt16LE(time.date, 18);
  entry.writeUInt16LE(time.time, 22);
  entry.writeUInt16LE(time.date, 24);
  return entry;
}

/** Long-name entries, the last piece of the name first, ended by 0 and filled with FFFF. */
function longEntries({ name, short }: FatName): Buffer[] {
  const pieces = Math.ceil(name.length / LONG_UNITS);
  const entries: Buffer[] = [];
  for (let piece = pieces; piece >= 1; piece--) {
    const entry = Buffer.alloc(ENTRY_BYTES);
    entry.writeUInt8(piece | (piece === pieces ? LAST_LONG : 0), 0);
    entry.writeUInt8(ATTRIBUTE.longName, 11);
    entry.writeUInt8(shortChecksum(short), 13);
    LONG_PLACES.forEach((place, index) => {
      const at = (piece - 1) * LONG_UNITS + index;
      entry.writeUInt16LE(at < name.length ? name.charCodeAt(at) : at === name.length ? 0 : 0xffff, place);
    });
    entries.push(entry);
  }
  return entries;
}
