import test from "ava";
import fc from "fast-check";
import { pieceDisk } from "../../../builder/formats/pieces.ts";

test("whatever is read comes from the right pieces, and never more of one than it has", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(200),
      fc.nat(200),
      async (whole, size, start, count) => {
        const bytes = Buffer.from(whole);
        const disk = pieceDisk(bytes.length, size, async (index, within, length) => {
          t.true(within + length <= size && length > 0);
          return bytes.subarray(index * size + within, index * size + within + length);
        });
        const offset = start % bytes.length;
        const length = count % (bytes.length - offset + 1);
        t.deepEqual(await disk.read(offset, length), bytes.subarray(offset, offset + length));
      },
    ),
  );
});

test("nothing is read behind its end or before its start", async (t) => {
  const disk = pieceDisk(10, 4, async (_index, _within, count) => Buffer.alloc(count));
  await t.throwsAsync(disk.read(8, 3), { instanceOf: RangeError });
  await t.throwsAsync(disk.read(-1, 2), { instanceOf: RangeError });
});
