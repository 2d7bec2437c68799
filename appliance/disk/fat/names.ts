import { PosternError } from "../../error.ts";

const LONGEST_NAME = 255;
const LONGEST_BASE = 8;
/** What a long name may not hold: control characters and what the path syntax uses. */
const FORBIDDEN = /["*/:<>?\\|\u007f]/;
/** What a short name may hold as it is. */
const SHORT = /^[A-Z0-9!#$%&'()@^_`{}~-]{1,8}(?:\.[A-Z0-9!#$%&'()@^_`{}~-]{1,3})?$/;
const NOT_SHORT = /[^A-Z0-9!#$%&'()@^_`{}~-]/g;

/** A name on FAT: its 11 bytes, and whether long-name entries must carry the name itself. */
export interface FatName {
  name: string;
  /** Eight characters and three, padded with spaces. */
  short: string;
  isLong: boolean;
}

/**
 * Short names for the entries of one directory, in the order given.
 *
 * @throws PosternError `artifact.fat-name` for a name FAT cannot hold, or two that differ only in case.
 */
export function fatNames(names: readonly string[]): FatName[] {
  const seen = new Set<string>();
  for (const name of names) {
    checkName(name);
    const folded = name.toUpperCase();
    if (seen.has(folded)) throw nameError(name, "another name differs only in case");
    seen.add(folded);
  }
  // Names that are short already keep theirs, whatever stands before them.
  const taken = new Set(names.filter(isShort).map(padded));
  return names.map((name) => {
    if (isShort(name)) return { name, short: padded(name), isLong: false };
    const short = freeShort(name, taken);
    taken.add(short);
    return { name, short, isLong: true };
  });
}

/** The checksum that ties long-name entries to their short one (Microsoft's FAT specification 1.03, page 28). */
export function shortChecksum(short: string): number {
  let sum = 0;
  for (const byte of Buffer.from(short, "latin1")) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}

/** A volume label as its 11 bytes. @throws PosternError `artifact.fat-name` */
export function labelBytes(label: string): Buffer {
  if (!/^[A-Z0-9_-]{1,11}$/.test(label)) throw nameError(label, "a label is 1 to 11 of A-Z, 0-9, _ and -");
  return Buffer.from(label.padEnd(11), "latin1");
}

function isShort(name: string): boolean {
  return SHORT.test(name);
}

function padded(name: string): string {
  const [base = "", extension = ""] = name.split(".");
  return base.padEnd(8) + extension.padEnd(3);
}

function freeShort(name: string, taken: ReadonlySet<string>): string {
  const folded = name.toUpperCase().replace(/^[. ]+/, "");
  const dot = folded.lastIndexOf(".");
  const clean = (text: string): string => text.replaceAll(/[ .]/g, "").replaceAll(NOT_SHORT, "_");
  const base = clean(dot < 0 ? folded : folded.slice(0, dot)) || "_";
  const extension = (dot < 0 ? "" : clean(folded.slice(dot + 1))).slice(0, 3).padEnd(3);
  const plain = base.padEnd(8) + extension;
  // `grubx64.efi` only differs in case: it needs no number.
  if (base.length <= LONGEST_BASE && isShort(folded) && !taken.has(plain)) return plain;
  for (let number = 1; ; number++) {
    const tail = `~${number}`;
    const short = (base.slice(0, LONGEST_BASE - tail.length) + tail).padEnd(8) + extension;
    if (!taken.has(short)) return short;
  }
}

function checkName(name: string): void {
  if (name === "" || name === "." || name === "..") throw nameError(name, "not a name");
  if (name.length > LONGEST_NAME) throw nameError(name, `longer than ${LONGEST_NAME} characters`);
  if (FORBIDDEN.test(name) || hasControl(name) || !name.isWellFormed()) {
    throw nameError(name, "a character that FAT has not");
  }
  if (/[. ]$/.test(name)) throw nameError(name, "ends in a dot or a space");
}

function hasControl(name: string): boolean {
  return [...name].some((character) => character < " ");
}

function nameError(name: string, why: string): PosternError {
  return new PosternError({
    code: "artifact.fat-name",
    message: `${JSON.stringify(name)} cannot be a name on FAT: ${why}`,
    hint: "Rename the file.",
  });
}
