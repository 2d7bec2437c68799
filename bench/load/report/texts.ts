import type { Spread } from "../spread.ts";

/** `12,345` */
export function numberText(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `12.3 (11.0 to 14.1)`; empty for nothing. */
export function spreadText(spread: Spread | undefined, digits: number): string {
  if (spread === undefined) return "";
  const show = (value: number): string =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${show(spread.median)} (${show(spread.min)} to ${show(spread.max)})`;
}
