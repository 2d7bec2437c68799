import test from "ava";
import fc from "fast-check";
import {
  dataParts,
  LARGEST_PAGE,
  md5Of,
  type Page,
  scanPages,
} from "../../../../builder/publish/azure/pages.ts";
import { merged, pageKey, remaining } from "../../../../builder/publish/azure/resume.ts";
import { memorySource } from "../../disk/kit.ts";

const PIECE = 65536;

/** A disk of a few pieces; each is zero, or filled with a byte. */
const disks = fc
  .array(fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2), { minLength: 1, maxLength: 200 })
  .map((pieces) => Buffer.concat(pieces.map((byte) => Buffer.alloc(PIECE, byte))));
const signal = new AbortController().signal;

test("pages hold every byte that is not zero, once, aligned, at most 4 MiB each", async (t) => {
  await fc.assert(
    fc.asyncProperty(disks, async (disk) => {
      const pages = await scanPages(memorySource(disk), signal, () => {});
      const copy = Buffer.alloc(disk.length);
      let end = 0;
      for (const { offset, length, md5 } of pages) {
        t.true(offset >= end && length > 0 && length <= LARGEST_PAGE);
        t.is(offset % 512, 0);
        t.is(length % 512, 0);
        t.is(Math.floor(offset / LARGEST_PAGE), Math.floor((offset + length - 1) / LARGEST_PAGE));
        end = offset + length;
        disk.copy(copy, offset, offset, end);
        t.is(md5, md5Of(disk.subarray(offset, end)));
      }
      t.true(copy.equals(disk));
    }),
    { numRuns: 60 },
  );
});

test("a gap is sent along while another request would cost more", (t) => {
  const window = Buffer.alloc(20 * PIECE);
  for (const piece of [0, 5, 11]) window.fill(1, piece * PIECE, (piece + 1) * PIECE);
  t.deepEqual(dataParts(window, 4 * LARGEST_PAGE), [
    { offset: 4 * LARGEST_PAGE, length: 6 * PIECE },
    { offset: 4 * LARGEST_PAGE + 11 * PIECE, length: PIECE },
  ]);
});

test("whatever is there and whatever the journal says of it: what remains makes the disk", async (t) => {
  const marks = fc.array(fc.record({ at: fc.nat(200), pieces: fc.integer({ min: 1, max: 9 }) }), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(disks, marks, fc.infiniteStream(fc.boolean()), async (disk, there, coins) => {
      const footer: Page = { offset: disk.length, length: 512, md5: "" };
      const pages = await scanPages(memorySource(disk), signal, () => {});
      // What an earlier image left, then pages of this one, some of which were acknowledged.
      const blob = Buffer.alloc(disk.length + 512);
      const ranges = there
        .map(({ at, pieces }) => ({ offset: at * PIECE, length: pieces * PIECE }))
        .filter(({ offset, length }) => offset + length <= disk.length);
      for (const { offset, length } of ranges) blob.fill(9, offset, offset + length);
      const known = new Map<string, string>();
      for (const page of pages) {
        if (!coins.next().value) continue;
        disk.copy(blob, page.offset, page.offset, page.offset + page.length);
        ranges.push({ offset: page.offset, length: page.length });
        if (coins.next().value) known.set(pageKey(page), page.md5);
      }
      if (coins.next().value) ranges.push(footer);
      const { send, clear, dropFooter } = remaining(pages, footer, ranges, known);
      for (const { offset, length } of clear) blob.fill(0, offset, offset + length);
      for (const { offset, length } of send) disk.copy(blob, offset, offset, offset + length);
      t.true(blob.subarray(0, disk.length).equals(disk));
      t.true(blob.subarray(disk.length).equals(Buffer.alloc(512)), "the footer is no part of it");
      t.true(send.every((page) => known.get(pageKey(page)) !== page.md5));
      t.is(dropFooter, ranges.includes(footer) && send.length + clear.length > 0);
    }),
    { numRuns: 150 },
  );
});

test("a journal of a disk that was made anew is not believed", async (t) => {
  const disk = Buffer.alloc(PIECE, 1);
  const pages = await scanPages(memorySource(disk), signal, () => {});
  const known = new Map(pages.map((page) => [pageKey(page), page.md5]));
  const footer: Page = { offset: PIECE, length: 512, md5: "" };
  t.deepEqual(remaining(pages, footer, [], known).send, pages);
  t.deepEqual(remaining(pages, footer, [{ offset: 0, length: PIECE - 512 }], known).send, pages);
  t.deepEqual(remaining(pages, footer, [{ offset: 0, length: PIECE }], known).send, []);
  t.deepEqual(remaining(pages, footer, [{ offset: 0, length: PIECE }], new Map()).send, pages);
});

test("a hole is not read", async (t) => {
  const pages = await scanPages(
    {
      size: 3 * LARGEST_PAGE,
      isHole: (offset) => offset !== LARGEST_PAGE,
      async read(offset, length) {
        t.is(offset, LARGEST_PAGE);
        return Buffer.alloc(length, 1);
      },
    },
    signal,
    () => {},
  );
  t.deepEqual(pages.map(pageKey), [`${LARGEST_PAGE}+${LARGEST_PAGE}`]);
});

test("ranges that touch become one", (t) => {
  const range = (offset: number, length: number) => ({ offset, length });
  t.deepEqual(
    merged([range(1024, 512), range(0, 512), range(512, 512), range(4096, 512), range(4096, 1024)]),
    [range(0, 1536), range(4096, 1024)],
  );
});
