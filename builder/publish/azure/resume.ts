import type { Page, PageRange } from "./pages.ts";

/** What is still to do on a disk that may hold something already. */
export interface Remaining {
  /** Pages of the disk, ascending. */
  send: readonly Page[];
  /** What the service holds and the image does not: an upload of something else left it. */
  clear: readonly PageRange[];
  /** Whether a footer is there that must go first: with it, Azure would take a half-changed disk for a whole one. */
  dropFooter: boolean;
}

/** Which page was acknowledged with which bytes, by `pageKey`. */
export type Acknowledged = ReadonlyMap<string, string>;

export function pageKey({ offset, length }: PageRange): string {
  return `${offset}+${length}`;
}

/**
 * A page need not be sent again when the journal says that the service acknowledged just these bytes and the service
 * says that something is there. Neither alone is enough: a journal can be of a disk that was made anew, and a range
 * can hold what another image left.
 *
 * @param pages those of the disk, ascending
 * @param present what the service holds, in any order, adjacent or not
 */
export function remaining(
  pages: readonly Page[],
  footer: Page,
  present: readonly PageRange[],
  acknowledged: Acknowledged,
): Remaining {
  const held = merged(present);
  const send = pages.filter((page) => acknowledged.get(pageKey(page)) !== page.md5 || !isWithin(page, held));
  const clear = without(held, [...pages, footer]);
  const isSame = send.length === 0 && clear.length === 0;
  return { send, clear, dropFooter: !isSame && isWithin(footer, held) };
}

/** The same ranges, ascending, and each as long as it can be. */
export function merged(ranges: readonly PageRange[]): PageRange[] {
  const result: PageRange[] = [];
  for (const { offset, length } of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const last = result.at(-1);
    if (last !== undefined && offset <= last.offset + last.length)
      last.length = Math.max(last.length, offset + length - last.offset);
    else result.push({ offset, length });
  }
  return result;
}

function isWithin(page: PageRange, held: readonly PageRange[]): boolean {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = held[middle];
    if (range !== undefined && range.offset + range.length < page.offset + page.length) low = middle + 1;
    else high = middle;
  }
  const range = held[low];
  return range !== undefined && range.offset <= page.offset;
}

/** What of the ranges no page covers; both ascending. */
function without(ranges: readonly PageRange[], pages: readonly PageRange[]): PageRange[] {
  const left: PageRange[] = [];
  let next = 0;
  for (const range of ranges) {
    const end = range.offset + range.length;
    let at = range.offset;
    for (let page = pages[next]; page !== undefined && page.offset < end; page = pages[next]) {
      if (page.offset > at) left.push({ offset: at, length: page.offset - at });
      at = Math.max(at, page.offset + page.length);
      if (at > end) break;
      next += 1;
    }
    if (at < end) left.push({ offset: at, length: end - at });
  }
  return left;
}
