import type { Parsed } from "../../network/address.ts";

/** A parser of whole numbers in bounds. */
export function wholeNumber(from: number, to: number): (text: string) => Parsed<string> {
  return (text) =>
    /^\d{1,5}$/.test(text) && Number(text) >= from && Number(text) <= to
      ? { ok: true, value: String(Number(text)) }
      : { ok: false, problem: `a whole number from ${from} to ${to}` };
}

/** IEEE 802.1Q: 0 and 4095 are reserved. */
export const VLAN = wholeNumber(1, 4094);
/** 576: every IPv4 machine takes it (RFC 791); 9216: the largest jumbo frame in use. */
export const MTU = wholeNumber(576, 9216);
export const PORT = wholeNumber(1, 65535);
/** Days that logs may be kept. */
export const RETENTION = wholeNumber(1, 365);
