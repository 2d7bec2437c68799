/** 4 or 6. */
export type Family = 4 | 6;

/** An address as a number of 32 or 128 bits, so that every comparison is arithmetic and never text. */
export interface Address {
  family: Family;
  value: bigint;
}

/** A value, or what is wrong with the text in words for the person who typed it. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string };

export const BITS = { 4: 32, 6: 128 } as const satisfies Record<Family, number>;

const MAPPED = 0xffffn << 32n;

/**
 * Parses an IPv4 or IPv6 address in its strict text form.
 *
 * Refused on purpose: leading zeros (some programs read them as octal), shortened IPv4 (`10.1`),
 * zone ids (`fe80::1%eth0`) and brackets.
 */
export function parseAddress(text: string): Parsed<Address> {
  if (text.includes("%")) return wrong("an address without a zone id (the part from % on)");
  const value = text.includes(":") ? parse6(text) : parse4(text);
  if (typeof value === "string") return wrong(value);
  return { ok: true, value: { family: text.includes(":") ? 6 : 4, value } };
}

/** The one text form of an address; RFC 5952 for IPv6. */
export function addressText({ family, value }: Address): string {
  if (family === 4) return text4(value);
  if (value >> 32n === MAPPED >> 32n) return `::ffff:${text4(value & 0xffffffffn)}`;
  return text6(value);
}

export function wrong(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}

function parse4(text: string): bigint | string {
  const parts = text.split(".");
  if (parts.length !== 4) return "an address, such as 10.20.0.5 or fd00::5";
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part)) return "four numbers with dots between them, such as 10.20.0.5";
    if (part.length > 1 && part.startsWith("0")) return "numbers without leading zeros, such as 10.20.0.5";
    if (Number(part) > 255) return "four numbers from 0 to 255, such as 10.20.0.5";
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parse6(text: string): bigint | string {
  const example = "an IPv6 address, such as fd00:10::5";
  const halves = text.split("::");
  if (halves.length > 2) return example;
  const [head, tail] = halves.map((half, index) => groups(half, index === halves.length - 1));
  if (head === undefined || head === null || tail === null) return example;
  if (tail === undefined) return head.length === 8 ? join(head) : example;
  const missing = 8 - head.length - tail.length;
  if (missing < 1) return example;
  return join([...head, ...new Array<number>(missing).fill(0), ...tail]);
}

/** The groups of 16 bits of one side of `::`; null when it is not made of groups. */
function groups(text: string, isLast: boolean): number[] | null {
  if (text === "") return [];
  const numbers: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (isLast && index === parts.length - 1 && part.includes(".")) {
      const embedded = parse4(part);
      if (typeof embedded === "string") return null;
      numbers.push(Number(embedded >> 16n), Number(embedded & 0xffffn));
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return null;
      numbers.push(Number.parseInt(part, 16));
    }
  }
  return numbers;
}

function join(numbers: readonly number[]): bigint {
  let value = 0n;
  for (const number of numbers) value = (value << 16n) | BigInt(number);
  return value;
}

function text4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
}

/** RFC 5952: lower case, no leading zeros, `::` for the first longest run of at least two zero groups. */
function text6(value: bigint): string {
  const numbers: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) numbers.push(((value >> shift) & 0xffffn).toString(16));
  let start = -1;
  let length = 1;
  for (let index = 0; index < 8; index++) {
    let end = index;
    while (numbers[end] === "0") end++;
    if (end - index > length) {
      start = index;
      length = end - index;
    }
    index = Math.max(index, end);
  }
  if (start === -1) return numbers.join(":");
  return `${numbers.slice(0, start).join(":")}::${numbers.slice(start + length).join(":")}`;
}
