/** Where a header's fields stand (APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16). */
const CENTRAL = {
  madeBy: 4,
  needed: 6,
  flags: 8,
  time: 12,
  extra: 30,
  comment: 32,
  disk: 34,
  internal: 36,
} as const;
const EXTERNAL = 38;
const LOCAL = { needed: 4, flags: 6, time: 10 } as const;
const END = { disk: 4, directoryDisk: 6, here: 8, all: 10 } as const;

/** UNIX, and the versions of the format that writers name: 2.0, or 4.5 with 64-bit sizes. */
const UNIX = 3;
const VERSIONS: readonly number[] = [20, 45];
/** Sum and sizes stand behind the content, because they were not known before it. */
export const HAS_DESCRIPTOR = 8;
/** A regular file of mode 0644, and DOS's archive bit or none. */
const EXTERNAL_FILE: readonly number[] = [0o100644 * 65536, 0o100644 * 65536 + 0x20];

/**
 * What is wrong with the fields of a directory's entry that no unpacker needs and that have no sum: each is held to
 * what writers put there, so that none can change unseen.
 */
export function centralProblem(head: Buffer, isWide: boolean): string | undefined {
  const number = (at: number): number => head.readUInt16LE(at);
  if (head.readUInt8(CENTRAL.madeBy + 1) !== UNIX) return "made for another system";
  if (!VERSIONS.includes(head.readUInt8(CENTRAL.madeBy))) return "made by another version";
  if (!VERSIONS.includes(number(CENTRAL.needed))) return "it needs another version";
  if (![0, HAS_DESCRIPTOR].includes(number(CENTRAL.flags))) return `flags ${number(CENTRAL.flags)}`;
  if (number(CENTRAL.extra) !== 0 && !isWide) return "fields that it does not need";
  if (number(CENTRAL.comment) !== 0) return "a comment";
  if (number(CENTRAL.disk) !== 0) return "on another disk";
  if (number(CENTRAL.internal) !== 0) return "internal attributes";
  return EXTERNAL_FILE.includes(head.readUInt32LE(EXTERNAL)) ? undefined : "no file of mode 0644";
}

/** Whether the header before a content says the same as the directory about it. */
export function isSameHeader(local: Buffer, central: Buffer): boolean {
  return (
    local.readUInt16LE(LOCAL.needed) === central.readUInt16LE(CENTRAL.needed) &&
    local.readUInt16LE(LOCAL.flags) === central.readUInt16LE(CENTRAL.flags) &&
    timeOf(local, LOCAL.time) === timeOf(central, CENTRAL.time)
  );
}

/** DOS's time and date of an entry in the directory, as one number. */
export function centralTime(head: Buffer): number {
  return timeOf(head, CENTRAL.time);
}

/** Whether the record at the end speaks of one file, and counts its entries the same way twice. */
export function isOneDisk(end: Buffer): boolean {
  return (
    end.readUInt16LE(END.disk) === 0 &&
    end.readUInt16LE(END.directoryDisk) === 0 &&
    end.readUInt16LE(END.here) === end.readUInt16LE(END.all)
  );
}

function timeOf(head: Buffer, at: number): number {
  return head.readUInt32LE(at);
}
